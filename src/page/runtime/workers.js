// Dedicated workers follow the clock: the capture side evaluates a runtime in each before its script runs
// (src/page/page_workers.cpp), and a step of the page is over when its workers have come to the same time and are idle. Control
// messages take the same way as the page's own messages, which keeps them in order (control_messages.js).
const workers = new Map();  // Worker -> {label, isOfOrigin, hasPorts, posted, nowMs, nextMs, ..., isBorn, answers: id -> resolve}
const NativeWorker = globalThis.Worker;
const {postMessage: postNatively, terminate: terminateNatively} = NativeWorker.prototype;
let lastStep = 0;
let exchanged = 0;         // the number of messages between this realm and its workers, in both directions
let areWorkersStepped = false;
let areWorkersInTouch = false;  // whether workers may send messages to one another
let paintsInWorkers = false;

function forgetWorker(worker) {
  const state = workers.get(worker);
  workers.delete(worker);
  for (const resolve of state?.answers.values() ?? []) resolve();
}

function takeAnswer(worker, {done, warning, failed, isClosed, isBorn, isInTouch, broadcast: message, handed, takenBack, ...told}) {
  if (isBorn) return void (workers.get(worker).isBorn = true);
  if (warning !== undefined) return warnOnce(warning);
  if (isInTouch) return meetOtherWorkers();
  if (isClosed) return forgetWorker(worker);
  const state = workers.get(worker);
  if (handed !== undefined || takenBack) return noteHanded(state, {handed, takenBack});
  if (message !== undefined) {
    exchanged += 1;
    return state.isOfOrigin ? broadcast(message, worker) : undefined;
  }
  Object.assign(state, told);
  if (failed !== undefined) keepUncaught(failed, `uncaught exception in ${state.label}`);
  if (done === undefined) return undefined;
  if (!state.posted) state.hasPorts = false;  // from now on state.ports, which it told, counts
  state.answers.get(done)();
  state.answers.delete(done);
}

const urlOfWorker = (url) => URL.parse(String(url), globalThis.document?.baseURI ?? location.href)?.href ?? String(url);

function learnWorker(worker, url) {
  const state = {label: `worker ${shortUrl(urlOfWorker(url))}`, isOfOrigin: !/^\s*data:/i.test(url), posted: true, nowMs: absoluteNow(),
                 nextMs: -Infinity, wantsFrame: false, isBusy: false, hasPorts: false, handed: [], answers: new Map(), thrown: 0, heard: 0};
  workers.set(worker, state);
  joinBroadcasts();
  const take = (event) => {
    const data = takeControlMessage(event);
    if (data !== null) return workers.has(worker) ? takeAnswer(worker, data) : undefined;
    exchanged += 1;
    return learnPortsOf(event, workers.get(worker));
  };
  Reflect.apply(listen, worker, ['message', take]);
  Reflect.apply(listen, worker, ['error', (event) => {
    hearWorkerError(state, event);
    if (!workers.get(worker)?.isBorn) forgetWorker(worker);  // its script could not be loaded or read
  }]);
}

replaceClass('Worker', (values, newTarget) => {
  if (values.length === 0) return Reflect.construct(NativeWorker, values, newTarget);  // throws
  const [url, options] = values;
  const name = `${config.token} ${absoluteNow()} ${timersAreNative ? 1 : 0} ${dateShiftMs()} ${hasStrangers ? 1 : 0} ${options?.name ?? ''}`;
  const worker = Reflect.construct(NativeWorker, [url, {type: options?.type, credentials: options?.credentials, name}], newTarget);
  learnWorker(worker, url);
  return worker;
});

/// Tells a worker the time before a message of the page, so that it handles the message at the time at which it was sent.
function tellTime(worker, state) {
  if (state.nowMs === absoluteNow() && state.isNative === timersAreNative) return;
  Object.assign(state, {nowMs: absoluteNow(), isNative: timersAreNative});
  postControlMessage(postNatively, worker, {nowMs: state.nowMs, isNative: state.isNative});
}

/// Called when timers begin or cease to run natively, which workers are told, too.
function tellWorkers() {
  for (const [worker, state] of workers) tellTime(worker, state);
}

replaceMethod(NativeWorker.prototype, 'postMessage', function (...given) {
  const state = workers.get(this);
  if (state === undefined) return Reflect.apply(postNatively, this, given);
  tellTime(this, state);
  state.posted = true;
  exchanged += 1;
  const {values, ports} = readTransfer(given);
  state.hasPorts ||= ports.length > 0;
  const tell = (message) => postControlMessage(postNatively, this, message);
  return postWithPorts(() => Reflect.apply(postNatively, this, values), ports, tell);
});
replaceMethod(NativeWorker.prototype, 'terminate', function () {
  forgetWorker(this);
  terminateNatively.call(this);
});

/// Asks a worker to step to `nowMs`. Null if the worker has nothing to do; else a promise of its answer.
function askWorker(worker, state, {runsFrame, nowMs = clock.nowMs}) {
  const isDue = state.posted || state.nextMs <= nowMs || (runsFrame && state.wantsFrame) || state.isBusy || reachesPorts(state);
  if (!isDue) return null;
  state.posted = false;
  Object.assign(state, {nowMs, isNative: timersAreNative});
  const step = ++lastStep;
  const answered = new native.Promise((resolve) => state.answers.set(step, resolve));
  postControlMessage(postNatively, worker, {step, nowMs: state.nowMs, isNative: state.isNative, runsFrame, paints: paintsInWorkers});
  return waitFor(state.label, answered);
}

/// Steps the workers; true if any had something to do. Workers that can send to one another are stepped one at a time, so that
/// their messages come in a fixed order.
function* askWorkers(runsFrame) {
  let wereAny = false;
  const step = function* (some) {
    const asked = some.map(([worker, state]) => askWorker(worker, state, {runsFrame})).filter(Boolean);
    if (asked.length === 0) return;
    wereAny = true;
    yield native.Promise.all(asked);
    yield* hearWorkerErrors();
    yield settleMicrotasks();
    yield* waitForRequests();
    yield* hearPorts();
  };
  areWorkersStepped = true;
  try {
    if (areWorkersInTouch) for (const worker of [...workers]) yield* step([worker]);
    else yield* step([...workers]);
  } finally {
    areWorkersStepped = false;
  }
  return wereAny;
}

/// Steps the workers to the clock's time, repeatedly while messages are exchanged. True if there was anything to do.
function* stepWorkers(runsFrame) {
  if (workers.size === 0) return false;
  const wereAny = yield* exchangeWithWorkers(runsFrame);
  if (areWorkersInTouch && !isWorker) forgetUsedPorts();
  return wereAny;
}

function* exchangeWithWorkers(runsFrame) {
  let wereAny = false;
  for (let round = 0; round < 100; round += 1) {
    const before = exchanged;
    if (!(yield* askWorkers(runsFrame && round === 0))) return wereAny;
    wereAny = true;
    tellBroadcasts();
    if (exchanged === before) return true;
  }
  warnOnce('a worker and its page exchange messages without end: the rest comes with the next frame');
  return true;
}

if (globalThis.HTMLCanvasElement !== undefined) {
  const {transferControlToOffscreen} = HTMLCanvasElement.prototype;
  replaceMethod(HTMLCanvasElement.prototype, 'transferControlToOffscreen', function () {
    paintsInWorkers = true;
    return transferControlToOffscreen.call(this);
  });
}

// Shared and service workers belong to no page alone: these are not stepped.
const inRealTime = (what, url) => warnOnce(`${what} ${shortUrl(String(url))} keeps the browser's own clock: what it does may come at ` +
                                           'another frame in each render');
if (globalThis.SharedWorker !== undefined) {
  const NativeSharedWorker = globalThis.SharedWorker;
  replaceClass('SharedWorker', (values, newTarget) => {
    inRealTime('shared worker', values[0]);
    meetStranger();
    return Reflect.construct(NativeSharedWorker, values, newTarget);
  });
}
if (globalThis.ServiceWorkerContainer !== undefined) {
  const {register} = ServiceWorkerContainer.prototype;
  replaceMethod(ServiceWorkerContainer.prototype, 'register', function (...values) {
    inRealTime('service worker', values[0]);
    meetStranger();
    return Reflect.apply(register, this, values);
  });
}
