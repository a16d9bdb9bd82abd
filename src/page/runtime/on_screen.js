// When is a frame on the screen? (docs/architecture.md, "Capture".) The listener is called when the picture of the next commit
// has reached the X server; at once if that commit changes no pixel.
function nextOnScreen() {
  makeCommit();
  return new native.Promise((resolve) => benchmarking.addSwapCompletionEventListener(() => resolve()));
}

// A turn of Blink's that finds nothing to commit is left open for the rest of 1/60 s, in which there is no other
// (cc::SchedulerStateMachine, BeginImplFrameDeadlineMode::LATE): 16 instead of 2 ms until the next frame. So that there is something,
// the compositor is told of an event that Blink listens to, or does not any more: no page sees it and no pixel changes.
const eventForCommits = globalThis.isSecureContext ? 'pointerrawupdate' : 'touchcancel';  // the first is there in secure ones only
const ignoreEvent = () => {};
let listensForCommits = false;

function makeCommit() {
  listensForCommits = !listensForCommits;
  (listensForCommits ? listen : unlisten).call(window, eventForCommits, ignoreEvent, {passive: true});
}

// A video, or a canvas that draws in a worker, comes to the screen on a way of its own and not with the page's commits.
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

/// Gives up what a lost screen would keep waiting.
function whileOnScreen(steps) {
  const result = start(steps);
  return isPromise(result) || screenLoss !== '' ? native.Promise.race([untilLost, result]) : result;
}

/// All commits from now on: the browser makes some of its own while a step waits.
class Commits {
  #reached = [];
  #handle = 0;
  #isComplete = true;

  constructor() {
    this.#watchNext();
  }

  #watchNext() {
    const most = 32;  // watching makes the browser draw without end; a screenshot, where that is not enough, costs as much as 32
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

  /// False if more were made than were watched.
  async areOnScreen() {
    await waitFor(screenLabel, native.Promise.all([...this.#reached, nextOnScreen()]));
    return this.#isComplete;
  }
}

const screenLabel = 'the compositor';  // Page knows it

/// Asked when a frame took too long: nothing of the page's is late if only its picture is.
function describeScreenLoss() {
  const isPictureLate = [...waits].some(({label}) => label === screenLabel);
  return screenLoss || (isPictureLate ? 'its picture did not come to the screen' : '');
}

const isOnScreen = () => waitFor(screenLabel, nextOnScreen()).then(() => !hasSurfaces);

/// For those who draw it by themselves (begin_frame_session.cpp). An animation frame is part of the commit that carries what was
/// changed before it, and is known a frame earlier than that this has been shown; a new surface may hold the commit back.
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

/// Resolved once the frame is on the screen. False if something else may still be on its way.
function showFrame(frame) {
  const seeking = whileOnScreen(seekTo(frame));
  return seeking === undefined ? isOnScreen() : showAfter(seeking);
}
