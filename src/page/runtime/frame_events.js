// Events that a browser sends while it makes a frame (HTML, "update the rendering"): resize, scroll, scrollend, select and the
// change of a media query. The browser makes no native frame for a film frame that is only stepped through, and the moment of the
// frames that it does make is a matter of chance, above all while a step waits. So its own events of these kinds are stopped
// before the page sees them, and a step sends what is due: the same calls in every chunk and by every backend.
const {MediaQueryListEvent} = globalThis;
const send = EventTarget.prototype.dispatchEvent;
const stopEvent = Event.prototype.stopImmediatePropagation;
const targetOf = Object.getOwnPropertyDescriptor(Event.prototype, 'target').get;

/// False while a page runs natively (it gets ready, or draws by renderFrame): then it gets the browser's own events.
const stepsEvents = () => !frameCallbacksAreNative;

function stopNative(event) {
  if (event.isTrusted && stepsEvents()) stopEvent.call(event);
}

/// Stops native events at `place` before any listener of the page: this script runs first, so its listener comes first, and
/// `place` is the outermost target that the events pass.
function stopNativeEvents(place, ...types) {
  for (const type of types) listen.call(place, type, stopNative, {capture: true, passive: true});
}
forEachDocument(() => {
  stopNativeEvents(globalThis, 'resize', 'select');
  stopNativeEvents(native.visualViewport(), 'resize', 'scroll', 'scrollend');
});

forEachDocument(() => listen.call(globalThis, 'error', noteErrorEvent, {capture: true}));

const sendEvent = (target, event) => watchErrors(() => send.call(target, event));

// Resize and media queries. The window of the outermost page never changes its size, that of an <iframe> may.
const queries = new Map();  // MediaQueryList with listeners -> `matches` when they were last told
const queryMatches = Object.getOwnPropertyDescriptor(MediaQueryList.prototype, 'matches').get;
let windowSize = null;

function learnQuery(list) {
  if (parent === null || queries.has(list)) return;
  queries.set(list, queryMatches.call(list));
  stopNativeEvents(list, 'change');
}

// Events that only the browser can send, in its own frames. A page that listens to them gets a native frame in each step.
const nativeEvents = ['scrollsnapchange', 'scrollsnapchanging', 'contentvisibilityautostatechange'];
for (const owner of [HTMLElement.prototype, SVGElement.prototype, Document.prototype, globalThis]) {
  for (const type of nativeEvents) {
    const handler = Object.getOwnPropertyDescriptor(owner, `on${type}`);
    if (handler === undefined) continue;
    replaceAccessor(owner, `on${type}`, {
      set(listener) {
        needsFrames = true;
        handler.set.call(this, listener);
      },
    });
  }
}

replaceMethod(EventTarget.prototype, 'addEventListener', function addEventListener(type, ...rest) {
  if (type === 'change' && this instanceof MediaQueryList) learnQuery(this);
  else if (type === 'repeatEvent') warnOfRepeatEvents();
  else if (nativeEvents.includes(type)) needsFrames = true;
  return Reflect.apply(listen, this ?? globalThis, [type, ...rest]);
});
const {addListener} = MediaQueryList.prototype;
replaceMethod(MediaQueryList.prototype, 'addListener', function (listener) {
  learnQuery(this);
  addListener.call(this, listener);
});
const onchange = replaceAccessor(MediaQueryList.prototype, 'onchange', {
  set(listener) {
    learnQuery(this);
    onchange.set.call(this, listener);
  },
});

function noteWindowSize() {
  windowSize = `${native.innerWidth()} ${native.innerHeight()}`;
}

function* resizeEvents() {
  if (parent === null) return;
  const before = windowSize;
  noteWindowSize();
  if (before !== null && before !== windowSize) {
    yield [globalThis, new Event('resize')];
    yield [native.visualViewport(), new Event('resize')];
  }
}

function* queryEvents() {
  for (const [list, told] of queries) {
    const matches = queryMatches.call(list);
    if (matches === told) continue;
    queries.set(list, matches);
    yield [list, new MediaQueryListEvent('change', {media: list.media, matches})];
  }
}

// The selection inside a text field. (selectionchange and toggle come from tasks, not from frames, and need nothing.)
const selected = new Set();
for (const {prototype} of [HTMLInputElement, HTMLTextAreaElement]) {
  const start = Object.getOwnPropertyDescriptor(prototype, 'selectionStart').get;
  const end = Object.getOwnPropertyDescriptor(prototype, 'selectionEnd').get;
  const noting = (change) => function (...values) {
    const [startBefore, endBefore] = [start.call(this), end.call(this)];
    const result = Reflect.apply(change, this, values);
    if (start.call(this) !== startBefore || end.call(this) !== endBefore) selected.add(this);
    return result;
  };
  for (const name of ['select', 'setSelectionRange', 'setRangeText']) replaceMethod(prototype, name, noting(prototype[name]));
  for (const name of ['selectionStart', 'selectionEnd', 'selectionDirection']) {
    replaceAccessor(prototype, name, {set: noting(Object.getOwnPropertyDescriptor(prototype, name).set)});
  }
}

function* selectEvents() {
  for (const field of selected) yield [field, new Event('select', {bubbles: true})];
  selected.clear();
}

/// Sends the events that are due, in the order of the HTML standard. All are found before the first is sent: changes by listeners
/// wait for the next call. True if there were any. Frames inside this page do the same by their own runtime.
function* sendFrameEvents() {
  if (parent === null && !hasNewFragment && scrollers.size + smoothScrolls.size + selected.size === 0) return false;
  yield* scrollToFragment();
  advanceSmoothScrolls();
  const due = [...resizeEvents(), ...scrollEvents(), ...queryEvents(), ...selectEvents()];
  for (const [target, event] of due) {
    sendEvent(target, event);
    if (due.length > 1) yield runMicrotasks();
  }
  if (due.length > 0) yield settleMicrotasks();
  return due.length > 0;
}
