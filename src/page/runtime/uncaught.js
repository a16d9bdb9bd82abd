// Exceptions of what a step calls of the page, timers and listeners above all. The browser tells the window of them by an `error`
// event, and a page that prevents its default (or whose onerror returns true) has handled the exception. During a step the inspector
// is not told of the others, because steps run inside Runtime.evaluate with `silent`, so the first one is kept and ends the step.
let errorEvents = null;  // ErrorEvents of the call of the page that runs now

function noteErrorEvent(event) {
  if (event.isTrusted && event instanceof ErrorEvent) errorEvents?.push(event);
}

/// Makes a call that runs code of the page, and keeps what listeners in it throw.
function watchErrors(call) {
  const outer = errorEvents;
  const events = (errorEvents = []);
  try {
    call();
  } finally {
    errorEvents = outer;
    const unhandled = events.find(({defaultPrevented}) => !defaultPrevented);
    if (unhandled !== undefined) keepUncaught(unhandled.error ?? unhandled.message);
  }
}

/// Calls a page's callback the way a browser does: an exception is told by an `error` event. There is none for an exception of a
/// listener to such events.
function callPage(callback, values) {
  watchErrors(() => {
    try {
      Reflect.apply(callback, globalThis, values);
    } catch (error) {
      const before = errorEvents.length;
      reportError(error);
      if (errorEvents.length === before || !errorEvents.at(-1).defaultPrevented) keepUncaught(error);
    }
  });
}

function throwUncaught() {
  keepWorkerErrors();
  if (uncaught !== null) throw failure(uncaught.what, uncaught.error);
}
