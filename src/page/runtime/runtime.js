// What the capture side and the runtimes of other frames call. A page that called it would confuse its own film: so
// globalThis.__orchestrator is a function that gives it to who has the key (Page::ask_runtime).
let contract = null;
let readiness = null;
let loaded = null;  // promise

/// An <iframe> without a page of its own (no src, or mailto:) shows the document it was made with, which sends no load event.
function awaitLoad() {
  loaded = document.readyState === 'complete' ? native.Promise.resolve() : eventOnce(globalThis, 'load');
}
forEachDocument(awaitLoad);

/// Of the document that is here now.
function becomeReadyOnce() {
  if (checkDocument()) {
    contract = readiness = null;
    clock.frame = -1;
  }
  return (readiness ??= native.Promise.resolve(start(becomeReady())));
}

async function pollUntilTrue() {
  while (!window.orchestratorReady) await new native.Promise((resolve) => native.setTimeout(resolve, 10));
}

/// While a page says that it is not ready, its timers and frames run natively: it may need them to get ready.
function* waitForPage() {
  const wanted = window.orchestratorReady;
  if (wanted === undefined || wanted === true) return;
  runNatively();
  try {
    const promise = typeof wanted === 'function' ? wanted.call(window) : isPromise(wanted) ? wanted : pollUntilTrue();
    yield waitFor('window.orchestratorReady', promise);
  } catch (error) {
    throw failure('window.orchestratorReady was rejected', error);
  }
  holdCallbacks();
}

function declaredFrames() {
  const frames = window.orchestratorComposition?.frames;
  if (frames === undefined || frames === null) return null;
  if (Number.isInteger(frames) && frames > 0) return frames;
  throw new Error(`window.orchestratorComposition.frames is ${frames}; it must be a whole number above 0`);
}

/// What the load itself leads to: code that comes with it may say how the page is to be driven.
function* finishLoading() {
  yield waitFor('the load event', loaded);
  yield* waitForRequests();
  yield settleMicrotasks();
}

/// Not by `find`, which a page can replace.
function firstContract() {
  let index = 0;
  while (!contracts[index].applies()) index += 1;  // the last one always does
  return contracts[index];
}

function* becomeReady() {
  yield* finishLoading();
  yield* waitForPage();
  yield* waitForRequests();  // the page may make its renderFrame of what it asked for
  yield* stepWorkers(false);
  contract = firstContract();
  contract.begin();
  learnDocument();
  yield* waitForIncoming();
  while (yield* waitForRequests()) yield* waitForIncoming();
  checkFonts();
  yield* waitForAutofocus();
  learnScrolledPage();
  noteWindowSize();
  throwStrict();
  if (parent === null) yield* layOutAll();
  return {contract: contract.name, frames: declaredFrames()};
}

function* seekTo(frame) {
  if (!contract) throw new Error('seek() was called before ready() had finished');
  if (!Number.isInteger(frame) || frame < 0) throw new Error(`${frame} is not a frame number`);
  releaseAnimations();
  clock.isMoving = true;
  if (frame !== settledFrame) yield* contract.seek(frame);
  yield* showFilms();
  clock.isMoving = false;
  settledFrame = null;
  yield* endStep();
}

/// Of seekTo and of settle: what is there is looked at, and then shown.
function* endStep() {
  checkGlyphs();
  checkColours();
  throwUncaught();
  throwStrict();
  if (parent === null) yield* presentVideos();
  if (parent === null) {
    yield* layOutAll();
    waitedForInStep = takeWaitedFor();
  }
  holdAnimations();
}

let waitedForInStep = [];  // URLs

/// What the page began with layout, such as images of CSS, begins now, so that the capture side sees it under way; what came
/// is decoded before anything is painted. The next native frame would do the same work.
function* layOutAll() {
  forceLayout();
  yield* inChildren((runtime) => runtime.layOut());
}
const layOut = () => start(layOutAll());

let settledFrame = null;  // what is missing of this frame is its picture

function warnOfGivenUp(name) {
  warnOnce(`${name} has not ended for ${requestLimitMs / 1000} s and is not waited for any longer: ` +
           'what comes of it may come at another frame in each render');
}

/// Requests that only the browser knows of have ended (Page::settle): the page acts on what came, within the same frame.
/// `givenUp` names what has not ended. Says what it waited for.
function* settle(givenUp) {
  for (const name of givenUp) warnOfGivenUp(name);
  yield settleMicrotasks();
  if (contract === null) return {waitedFor: takeWaitedFor()};
  yield* waitForRequests();
  yield* stepWorkers(false);
  releaseAnimations();
  yield* inChildren((runtime) => runtime.settle());
  do {
    if (clock.frame >= 0) yield* advanceAnimations(clock.frameMs);
    yield* waitForIncoming();
  } while (yield* waitForRequests());
  yield* showFilms();
  yield* endStep();
  settledFrame = clock.frame;
  return {waitedFor: waitedForInStep};
}

function* approach(frame) {
  releaseAnimations();
  const reached = yield* contract.approach(frame);
  throwUncaught();
  throwStrict();
  return {frame: reached, waitedFor: takeWaitedFor()};
}

/// Of a late frame of the page that has not made its first step, that of the page.
const presentFrame = () => Math.max(clock.frame, parent?.frame() ?? -1);

/// With those of its frames.
function takeWaitedFor() {
  const urls = [...waitedFor];
  forEachChildRuntime((child) => urls.push(...child.waitedFor()));
  waitedFor.clear();
  return urls;
}

/// Undefined if everything was done at once; a promise otherwise, and always one for a failure.
function start(steps) {
  try {
    return drive(steps);
  } catch (error) {
    return native.Promise.reject(error);
  }
}

const isForeign = parent === parentByMessages || parent?.isForeign === true;
if (!isForeign) window.orchestratorProps = config.props;  // they are none of other origins' business
const runtime = Object.freeze(runsScripts ? {
  loaded: () => start(finishLoadingOfPage()),
  learnRoot: learnFoundRoot,
  ready: becomeReadyOnce,
  pending: describePending,
  show: (frame, isCareful) => pausingIf(isCareful, () => showFrame(frame)),
  isOnScreen,
  drawn,
  noteSurface,
  loseScreen,
  screenLoss: describeScreenLoss,
  seek: (frame, isCareful) => (parent === null ? pausingIf(isCareful, () => start(seekTo(frame))) : start(seekTo(frame))),
  approach: (frame, isCareful) => pausingIf(isCareful, () => whileOnScreen(approach(frame))),
  pause,
  settleInPause: (givenUp) => start(settleInPause(givenUp)),
  goOn,
  present: () => start(presentVideos()),
  settle: (givenUp = []) => start(settle(givenUp)),
  layOut,
  isReady: () => contract !== null && document === knownDocument,
  isAt: (frame) => clock.frame === frame,
  frame: presentFrame,
  now: absoluteNow,
  frameTime: absoluteFrameTime,
  shiftMs,
  dateShiftMs,
  isAdopted,
  isForeign,
  twoFrames: parent?.twoFrames,
  addHearer: parent?.addHearer ?? addHearer,
  carryBroadcast,
  hasPosted,
  noteStrayPorts: noteStray,
  arePortsStray,
  hearWorkers: () => start(hearWorkersBelow()),
  isBelowForeign,
  isHidden,
  windows: childWindows,
  foreignFrames: () => foreignFrames,
  watchMessages: watchFrameMessages,
  recordMove,
  timeOfReal,
  waitedFor: takeWaitedFor,
  stepReport: () => ({waitedFor: waitedForInStep, passedPause}),
} : scriptlessRuntime);

const gate = (key) => (key === config.key ? runtime : null);
Object.defineProperty(globalThis, '__orchestrator', {value: Object.freeze(gate)});  // for good, and not enumerable
