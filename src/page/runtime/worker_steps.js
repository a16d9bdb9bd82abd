// A worker's steps. The page that made it says how far to step, by messages that the worker's own script does not see. They
// arrive in order with the page's own messages, and the answer arrives after what the worker posted.
const frameCallbacks = new Map();  // id -> callback
let lastCallbackId = 0;
const cancelFrameNatively = globalThis.cancelAnimationFrame.bind(globalThis);
const nativeFrames = new Map();  // id -> the browser's own id

function startFrameNatively(id) {
  nativeFrames.set(id, native.requestAnimationFrame(() => {
    const callback = frameCallbacks.get(id);
    frameCallbacks.delete(id);
    if (callback !== undefined) callPage(callback, [pageNow()]);
  }));
}

replaceMethod(globalThis, 'requestAnimationFrame', (callback) => {
  if (typeof callback !== 'function') throw new TypeError('requestAnimationFrame: the callback is not a function');
  frameCallbacks.set(++lastCallbackId, callback);
  if (timersAreNative) startFrameNatively(lastCallbackId);
  return lastCallbackId;
});
replaceMethod(globalThis, 'cancelAnimationFrame', (id) => {
  frameCallbacks.delete(id);
  cancelFrameNatively(nativeFrames.get(id) ?? 0);
});

function setNative(isNative) {
  if (isNative === timersAreNative) return;
  if (!isNative) return holdTimers();
  runTimersNatively();
  for (const id of frameCallbacks.keys()) startFrameNatively(id);
}

/// Moves the worker's clock to the page's time, which goes back if a page with renderFrame is asked for an earlier frame.
function setTime(nowMs) {
  clock.frameMs = nowMs;
  moveClock(nowMs);
}

function* runWorkerFrame({paints}) {
  const due = [...frameCallbacks];
  for (const [id, callback] of due) {
    if (frameCallbacks.delete(id)) callPage(callback, [pageFrameTime()]);
    if (due.length > 1) yield runMicrotasks();
  }
  if (due.length > 0) yield settleMicrotasks();
  if (paints) {
    // A drawing on an OffscreenCanvas is handed over in native frames. Under begin-frame control a worker has none and hands over
    // at once; the limit, which ends the wait there, was never too short in 120 frames of three canvases.
    const limit = new native.Promise((resolve) => native.setTimeout(resolve, 50));
    yield native.Promise.race([nativeFrame().then(nativeFrame), limit]);
  }
}

function* stepWorker(step) {
  setNative(step.isNative);
  if (!step.isNative) yield* fireTimers(step.nowMs);
  setTime(step.nowMs);
  yield settleMicrotasks();
  yield* waitForRequests();
  if (step.runsFrame && !step.isNative) yield* runWorkerFrame(step);
  yield* waitForRequests();
  yield* stepWorkers(step.runsFrame);
}

const portsFromPage = {handed: []};

function answer(id) {
  let nextMs = Infinity;
  for (const timer of timers.values()) nextMs = Math.min(nextMs, timer.dueMs);
  const ports = areWorkersInTouch ? portCounts() : undefined;
  tellPage({done: id, nextMs, wantsFrame: frameCallbacks.size > 0, isBusy: workers.size > 0, ports, ...failuresForPage()});
}

/// Delivers a broadcast to this worker's channels and workers and sends it to the page, which carries it on (broadcasts.js).
function broadcast(message, from) {
  hearBroadcast(message, from);
  tellPage({broadcast: message});
}
function joinBroadcasts() {
  if (!areWorkersInTouch) meetOtherWorkers();
}

function meetOtherWorkers() {
  areWorkersInTouch = true;
  tellPage({isInTouch: true});
}

let steps = native.Promise.resolve();

function takeControl(data) {
  if (data.broadcast !== undefined) return hearBroadcast(data.broadcast, null);
  if (data.handed !== undefined || data.takenBack) return noteHanded(portsFromPage, data);
  if (data.forgotten !== undefined) return forgetPorts(data.forgotten);
  if (data.step === undefined) {
    setNative(data.isNative);
    return setTime(data.nowMs);
  }
  steps = steps.then(() => drive(stepWorker(data))).catch((error) => warnOnce(messageOf(error))).then(() => answer(data.step));
}

listen.call(globalThis, 'message', (event) => {
  const data = takeControlMessage(event);
  if (data !== null) takeControl(data);
  else learnPortsOf(event, portsFromPage);
});

replaceMethod(globalThis, 'postMessage', (...given) => {
  const {values, ports} = readTransfer(given);
  postWithPorts(() => Reflect.apply(native.postMessage, undefined, values), ports, tellPage);
});

replaceMethod(globalThis, 'close', () => {
  tellPage({isClosed: true});
  native.close();
});

if (isNative_ === '1') setNative(true);
tellPage({isBorn: true});
