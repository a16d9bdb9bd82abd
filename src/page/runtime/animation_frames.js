// requestAnimationFrame and requestIdleCallback, held or run natively as timers are (timers.js).
const frameCallbacks = new Map();  // id -> {callback, handle}
const idleCallbacks = new Map();   // id -> callback
let lastCallbackId = 0;
let frameCallbacksAreNative = false;

function startFrameNatively(id, entry) {
  entry.handle = native.requestAnimationFrame(() => {
    frameCallbacks.delete(id);
    callPage(entry.callback, [pageNow()]);
  });
}

function runFrameCallbacksNatively() {
  frameCallbacksAreNative = true;
  for (const [id, entry] of frameCallbacks) startFrameNatively(id, entry);
}

function holdFrameCallbacks() {
  frameCallbacksAreNative = false;
  for (const entry of frameCallbacks.values()) native.cancelAnimationFrame(entry.handle);
}

/// Runs the callbacks that are registered now; callbacks registered meanwhile wait for the next frame. True if there were any.
function* runFrameCallbacks() {
  const due = [...frameCallbacks.keys()];
  for (const id of due) {
    const entry = frameCallbacks.get(id);
    if (entry === undefined) continue;  // cancelled by an earlier callback
    frameCallbacks.delete(id);
    callPage(entry.callback, [pageFrameTime()]);
    if (due.length > 1) yield runMicrotasks();
  }
  if (due.length > 0) yield settleMicrotasks();
  return due.length > 0;
}

const idleDeadline = Object.create(IdleDeadline.prototype, {
  didTimeout: {value: false},
  timeRemaining: {value: () => 10},  // ms; any constant will do
});

function* runIdleCallbacks() {
  const due = [...idleCallbacks.values()];
  idleCallbacks.clear();
  for (const callback of due) {
    callPage(callback, [idleDeadline]);
    if (due.length > 1) yield runMicrotasks();
  }
  if (due.length > 0) yield settleMicrotasks();
  return due.length > 0;
}

replaceMethod(globalThis, 'requestAnimationFrame', function requestAnimationFrame(callback) {
  if (typeof callback !== 'function') throw new TypeError('requestAnimationFrame: the callback is not a function');
  const id = ++lastCallbackId;
  const entry = {callback, handle: 0};
  frameCallbacks.set(id, entry);
  if (frameCallbacksAreNative || newOnesAreNative) startFrameNatively(id, entry);
  return id;
});
replaceMethod(globalThis, 'cancelAnimationFrame', function cancelAnimationFrame(id) {
  const entry = frameCallbacks.get(id);
  if (entry === undefined) return;
  frameCallbacks.delete(id);
  native.cancelAnimationFrame(entry.handle);
});
replaceMethod(globalThis, 'requestIdleCallback', function requestIdleCallback(callback) {
  const id = ++lastCallbackId;
  idleCallbacks.set(id, callback);
  if (frameCallbacksAreNative) native.setTimeout(() => idleCallbacks.delete(id) && callPage(callback, [idleDeadline]), 0);
  return id;
});
replaceMethod(globalThis, 'cancelIdleCallback', function cancelIdleCallback(id) {
  idleCallbacks.delete(id);
});

function runNatively() {
  runTimersNatively();
  runFrameCallbacksNatively();
  finishSmoothScrolls();
  tellWorkers();
  drive(sendFrameEvents());  // events and observer entries that were kept from the page so far
  tellAllKept();
  watchVideoFrames();
}

/// Timers and animation frames that are asked for from now on run natively, until `isOn` is false: then those that have not run
/// follow the clock.
function runNewNatively(isOn) {
  newOnesAreNative = isOn;
  if (isOn) return;
  holdTimers();
  holdFrameCallbacks();
}

function holdCallbacks() {
  holdTimers();
  holdFrameCallbacks();
  tellWorkers();
}
