// The runtime of a frame whose scripts are switched off (sandbox="allow-same-origin", or `sandbox` in its content security
// policy). The parent can call it, but the browser calls back nothing here, so it cannot wait for anything. It only puts in
// place what can move without scripts: animations and SVG.
let isAtBeginning = false;

function becomeReadyWithoutScripts() {
  keepsFinished = true;
  isAtBeginning = parent.frame() < 0;
  parent.noteHosts?.(document);
  if (document.querySelector('video[autoplay], audio[autoplay]') !== null) {
    warnOnce(`frame ${shortUrl(location.href)} (${placeOf(native.frameElement())}): its scripts are switched off, so what plays in it ` +
             'runs by the browser\'s own clock, not by the film\'s');
  }
  forEachChildRuntime((runtime) => runtime.ready());
}

function seekWithoutScripts(frame) {
  const previousMs = clock.frameMs;
  releaseAnimations();
  if (isAtBeginning) followClock(0);  // animations that run from the start began at 0
  isAtBeginning = false;
  setFrameTime(frame);
  followClock(previousMs);
  advanceSvg();
  forEachChildRuntime((runtime) => runtime.seek(frame));
  holdAnimations();
}

let isReadyWithoutScripts = false;
const scriptlessRuntime = {
  ready() {
    isReadyWithoutScripts = true;
    becomeReadyWithoutScripts();
  },
  isReady: () => isReadyWithoutScripts,
  isAt: (frame) => clock.frame === frame,
  frame: () => presentFrame(),
  seek: seekWithoutScripts,
  settle() {},
  present() {},
  layOut: () => forceLayout(),
  learnRoot: (root) => learnFoundRoot(root),
  learnOwnTree,
  noteHosts: (tree) => parent.noteHosts?.(tree),
  waitedFor: () => [],
  now: absoluteNow,
  frameTime: absoluteFrameTime,
  shiftMs,
  dateShiftMs,
  isAdopted,
  recordMove,
  timeOfReal,
};
