// The interface that the capture side and the runtimes of other frames call. A page that called it would spoil its own film, so
// globalThis.__orchestrator is a function that returns it only for the right key (Page::ask_runtime).
let contract = null;
let readiness = null;
let loaded = null;  // promise

/// Starts to wait for the load event. An <iframe> without a page of its own (no src, or mailto:) keeps its initial empty
/// document, which is complete and sends no load event.
function awaitLoad() {
  loaded = document.readyState === 'complete' ? native.Promise.resolve() : eventOnce(globalThis, 'load');
}
forEachDocument(awaitLoad);

/// The readiness of the window's present document; a new document has to become ready anew.
function becomeReadyOnce(names = {}) {
  declared = names;
  if (checkDocument()) {
    contract = readiness = null;
    clock.frame = -1;
  }
  return (readiness ??= native.Promise.resolve(start(becomeReady())));
}

async function pollUntilTrue() {
  while (!defined('orchestratorReady')) await nativePause(10);
}

/// While a page says that it is not ready, its timers and frames run natively: it may need them to get ready.
function* waitForPage() {
  const wanted = defined('orchestratorReady');
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

/// Waits for the load event and for what scripts asked for meanwhile: such code may define how the page is to be driven.
function* finishLoading() {
  yield waitFor('the load event', loaded);
  yield* waitForRequests();
  yield settleMicrotasks();
}

/// Does not use `find`, which a page can replace.
function firstContract() {
  let index = 0;
  while (!contracts[index].applies()) index += 1;  // the last one always does
  return contracts[index];
}

function* becomeReady() {
  yield* finishLoading();
  yield* waitForPage();
  yield* openBuiltProject();
  yield* waitForRequests();  // the page may define renderFrame only when an answer is there
  yield* stepWorkers(false);
  contract = firstContract();
  yield* learnFirstTrees();
  if (parent === null && contract.approach === undefined && isStateful()) contract = drawnFromZero(contract);
  yield* contract.begin();
  learnDocument();
  yield* waitForIncoming();
  while (yield* waitForRequests()) yield* waitForIncoming();
  checkFonts();
  yield* waitForAutofocus();
  learnScrolledPage();
  noteWindowSize();
  throwUncaught();
  throwStrict();
  if (parent === null) yield* layOutAll();
  return {contract: contract.name, drawsAll: contract.drawsAll === true, said: parent === null ? saidCompositions() : []};
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

/// The end of seekTo and settle: checks what the frame shows, and waits until videos and layout are up to date.
function* endStep() {
  checkGlyphs();
  mendWideCanvases();
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

/// Forces layout here and in the frames inside. Requests that begin with layout, such as images of CSS, then begin now, so that
/// the capture side sees them under way, and new images are decoded before anything is painted. It costs nothing extra: the next
/// native frame would do the same work.
function* layOutAll() {
  forceLayout();
  yield* inChildren((runtime) => runtime.layOut());
}
const layOut = () => start(layOutAll());

let settledFrame = null;  // a frame whose step is done, so that seekTo() only has to show it

function warnOfGivenUp(name) {
  warnOnce(`${name} has not ended for ${requestLimitMs / 1000} s and is not waited for any longer: ` +
           'what comes of it may come at another frame in each render');
}

/// Called when requests that only the browser knows of have ended (Page::settle): lets the page act on what came, within the same
/// frame. `givenUp` names requests that have not ended. Returns the URLs that it waited for.
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

/// The number of the present frame. An <iframe> that came in late and has not made its first step has its parent's.
const presentFrame = () => Math.max(clock.frame, parent?.frame() ?? -1);

/// URLs that this document and the frames inside it have waited for since the last call.
function takeWaitedFor() {
  const urls = [...waitedFor];
  forEachChildRuntime((child) => urls.push(...child.waitedFor()));
  waitedFor.clear();
  return urls;
}

/// Runs steps. Gives their result directly if there was nothing to wait for, else a promise. A failure is always a rejected
/// promise.
function start(steps) {
  try {
    return drive(steps);
  } catch (error) {
    return native.Promise.reject(error);
  }
}

const isForeign = parent === parentByMessages || parent?.isForeign === true;
if (!isForeign) {  // pages of other origins do not get the props
  window.orchestratorProps = JSON.parse(config.film.props);
  giveHeliosProps(window.orchestratorProps);
}
const runtime = Object.freeze(runsScripts ? {
  loaded: () => start(finishLoadingOfPage()),
  learnRoot: learnFoundRoot,
  endQuestion,
  learnOwnTree,
  nextStranger,
  noteHosts,
  meetStrangers,
  ready: (names) => (parent === null ? pausingIf(false, () => becomeReadyOnce(names)) : becomeReadyOnce()),
  pending: describePending,
  otherSystem: describeOtherSystem,
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
  settle: (givenUp = []) => (parent === null ? pausingIf(false, () => start(settle(givenUp))) : start(settle(givenUp))),
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
Object.defineProperty(globalThis, '__orchestrator', {value: Object.freeze(gate)});  // cannot be replaced, and is not enumerable
