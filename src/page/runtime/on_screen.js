// Finds out when a frame is on the screen (docs/architecture.md, "Capture"). The browser calls the listener when the picture of
// the next commit has reached the X server, or at once if that commit changes no pixel.
function nextOnScreen() {
  makeCommit();
  return new native.Promise((resolve) => benchmarking.addSwapCompletionEventListener(() => resolve()));
}

// If Blink finds nothing to commit in a frame, that frame stays open for the rest of 1/60 s and no other begins
// (cc::SchedulerStateMachine, BeginImplFrameDeadlineMode::LATE): 16 instead of 2 ms until the next frame. Adding or removing a
// listener for such an event gives Blink something to commit, since the compositor must be told. No page sees it and no pixel
// changes.
const eventForCommits = globalThis.isSecureContext ? 'pointerrawupdate' : 'touchcancel';  // the first only in secure contexts
const ignoreEvent = () => {};
let listensForCommits = false;

function makeCommit() {
  listensForCommits = !listensForCommits;
  (listensForCommits ? listen : unlisten).call(window, eventForCommits, ignoreEvent, {passive: true});
}

// The pictures of a video, or of a canvas that draws in a worker, reach the screen by a way of their own, not with the page's
// commits.
let hasSurfaces = false;
function noteSurface() {
  hasSurfaces = true;
  parent?.noteSurface();
}
const handOverCanvas = HTMLCanvasElement.prototype.transferControlToOffscreen;
replaceMethod(HTMLCanvasElement.prototype, 'transferControlToOffscreen', function () {
  noteSurface();
  return handOverCanvas.call(this);
});

// After a navigation within the document (history.pushState, a new fragment), Chromium never tells of a commit that changes no pixel
// (156, headed). So what waits for one is given up, and the capture side makes a picture that is drawn for sure.
let hasNavigated = false;
let endCommits = () => {};

function noteNavigation() {
  hasNavigated = true;
  endCommits();
}
if (parent === null) forEachDocument(() => listen.call(native.navigation(), 'navigate', noteNavigation));

/// Resolved with the value of `onScreen`, or with false after a navigation.
function unlessNavigated(onScreen) {
  const navigated = new native.Promise((resolve) => (endCommits = () => resolve(false)));
  if (hasNavigated) endCommits();
  return native.Promise.race([onScreen, navigated]).finally(() => (hasNavigated = false));
}

// With --disable-frame-rate-limit Chromium stops making frames, for good, soon after a view transition has begun (156, headed).
let screenLoss = '';
let endWaiting;
const untilLost = new native.Promise((resolve, reject) => (endWaiting = reject));
untilLost.catch(() => {});

function loseScreen() {
  screenLoss = 'a window makes no frames during a view transition (startViewTransition)';
  endWaiting(new Error(screenLoss));
  parent?.loseScreen();
}

/// Runs steps, and rejects if the screen is lost, because they could wait for a frame for ever.
function whileOnScreen(steps) {
  const result = start(steps);
  return isPromise(result) || screenLoss !== '' ? native.Promise.race([untilLost, result]) : result;
}

/// Watches all commits from now on, because the browser makes some of its own while a step waits.
class Commits {
  #reached = [];
  #handle = 0;
  #isComplete = true;

  constructor() {
    this.#watchNext();
  }

  #watchNext() {
    const most = 32;  // watching makes the browser draw on and on; if 32 are too few, a screenshot costs about as much as 32
    this.#isComplete = this.#reached.length < most;
    if (this.#isComplete) this.#handle = native.requestAnimationFrame(() => this.#note());
  }

  #note() {
    this.#reached.push(nextOnScreen());
    this.#watchNext();
  }

  stop() {
    native.cancelAnimationFrame(this.#handle);
  }

  /// Resolved when all watched commits are on the screen: false if more were made than were watched.
  async areOnScreen() {
    const all = native.Promise.all([...this.#reached, nextOnScreen()]);
    return waitFor(screenLabel, unlessNavigated(all.then(() => this.#isComplete)));
  }
}

const screenLabel = 'the compositor';  // the capture sessions name it so, too

/// Called when a frame took too long: the reason if the page is done and only its picture is late, else empty.
function describeScreenLoss() {
  const isPictureLate = [...waits].some(({label}) => label === screenLabel);
  return screenLoss || (isPictureLate ? 'its picture did not come to the screen' : '');
}

const isOnScreen = () => waitFor(screenLabel, unlessNavigated(nextOnScreen().then(() => !hasSurfaces)));

/// For begin-frame control, where the capture side draws (begin_frame_session.cpp). Without surfaces an animation frame suffices:
/// it is part of the commit with the changes before it, and comes one frame earlier than the news that this is on the screen. A
/// new surface may hold the commit back, so then that news is awaited.
const drawn = () => waitFor(screenLabel, hasSurfaces ? nextOnScreen() : nativeFrame());

async function showAfter(seeking) {
  const commits = new Commits();
  try {
    await seeking;
  } finally {
    commits.stop();
  }
  return (await commits.areOnScreen()) && !hasSurfaces;
}

/// Seeks to a frame; resolved once it is on the screen, with false if something else may still be on its way there.
function showFrame(frame) {
  const seeking = whileOnScreen(seekTo(frame));
  return seeking === undefined ? isOnScreen() : showAfter(seeking);
}
