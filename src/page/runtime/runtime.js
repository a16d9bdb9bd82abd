// What the capture side calls: globalThis.__orchestrator.
let contract = null;
let readiness = null;
// An <iframe> without a page of its own (no src, or mailto:) shows the document it was made with, which sends no load event.
let documentLoaded = document.readyState === 'complete';
const loaded = new native.Promise((resolve) => {
  if (documentLoaded) return resolve();
  globalThis.addEventListener('load', () => {
    documentLoaded = true;
    settleMicrotasks().then(resolve);  // after the page's own load handlers
  }, {once: true});
});

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

function* becomeReady() {
  yield waitFor('the load event', loaded);
  yield* waitForPage();
  yield* waitForRequests();  // the page may make its renderFrame of what it asked for
  yield* stepWorkers(false);
  contract = contracts.find((candidate) => candidate.applies());
  contract.begin();
  learnDocument();
  yield* waitForIncoming();
  while (yield* waitForRequests()) yield* waitForIncoming();
  checkFonts();
  yield* waitForChildren();
  learnScrolledPage();
  noteWindowSize();
  throwStrict();
  return {contract: contract.name, frames: declaredFrames()};
}

function* seekTo(frame) {
  if (!contract) throw new Error('seek() was called before ready() had finished');
  if (!Number.isInteger(frame) || frame < 0) throw new Error(`${frame} is not a frame number`);
  releaseAnimations();
  clock.isMoving = true;
  yield* contract.seek(frame);
  yield* showFilms();
  clock.isMoving = false;
  checkGlyphs();
  throwUncaught();
  throwStrict();
  if (parent === null) yield* presentVideos();
  holdAnimations();
}

function* approach(frame) {
  releaseAnimations();
  const reached = yield* contract.approach(frame);
  throwUncaught();
  throwStrict();
  return reached;
}

function* showFrame(frame, stamp) {
  yield* seekTo(frame);
  showFirstStamp(stamp);
}

function showSecond(stamp) {
  watchNextFrame();
  showSecondStamp(stamp);
}

/// Undefined if everything was done at once; a promise otherwise, and always one for a failure.
function start(steps) {
  try {
    return drive(steps);
  } catch (error) {
    return native.Promise.reject(error);
  }
}

window.orchestratorProps = config.props;
Object.defineProperty(globalThis, '__orchestrator', {
  value: Object.freeze({
    ready: () => (readiness ??= native.Promise.resolve(start(becomeReady()))),
    pending: describePending,
    show: (frame, stamp) => start(showFrame(frame, stamp)),
    swap: showSecond,
    seek: (frame) => start(seekTo(frame)),
    approach: (frame) => start(approach(frame)),
    present: () => start(presentVideos()),
    isLoaded: () => documentLoaded,
    isReady: () => contract !== null,
    frame: () => clock.frame,
    now: absoluteNow,
    frameTime: absoluteFrameTime,
    recordMove,
    timeOfReal,
  }),
});
