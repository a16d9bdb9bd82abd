// What a worker throws. Of exceptions that it does not handle the browser tells its Worker object, where the page may handle them.
// Of rejections it tells nobody, and of the exceptions of a worker's own workers only that worker. These the worker tells itself.
let thrown = 0;          // exceptions of which the Worker object is told
const errorEvents = [];  // of exceptions and rejections since the last answer

function noteErrorEvent(event) {
  if (!event.isTrusted || event.type !== (event instanceof ErrorEvent ? 'error' : 'unhandledrejection')) return;
  errorEvents.push(event);
  if (timersAreNative) settleMicrotasks().then(() => tellPage(failuresForPage()));  // there may be no step to answer
}
for (const type of ['error', 'unhandledrejection']) listen.call(globalThis, type, noteErrorEvent, {capture: true});

function callPage(callback, values) {
  try {
    Reflect.apply(callback, globalThis, values);
  } catch (error) {
    reportError(error);
  }
}

/// What the page has to know of this worker's failures, when all listeners have had their say.
function failuresForPage() {
  for (const event of errorEvents.splice(0)) {
    if (event.defaultPrevented) continue;
    if (event instanceof ErrorEvent) thrown += 1;
    else keepUncaught(event.reason, 'unhandled rejection');
  }
  keepWorkerErrors();
  return {thrown, failed: uncaught === null ? undefined : failure(uncaught.what, uncaught.error).message};
}
