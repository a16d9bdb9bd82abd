// A frame whose scripts are switched off (sandbox="allow-same-origin", or `sandbox` in its content security policy) has this
// runtime all the same, and the frame around may call it; but nothing here is called back, so that it could wait for nothing.
// What can move in it without scripts is put in its place.
function becomeReadyWithoutScripts() {
  keepsFinished = true;
  if (parent.frame() < 0) followClock(0);  // what runs from the start began at 0
  if (document.querySelector('video[autoplay], audio[autoplay]') !== null) {
    warnOnce(`frame ${shortUrl(location.href)} (${placeOf(native.frameElement())}): its scripts are switched off, so what plays in it ` +
             'runs by the browser\'s own clock, not by the film\'s');
  }
  forEachChildRuntime((runtime) => runtime.ready());
}

function seekWithoutScripts(frame) {
  const previousMs = clock.frameMs;
  releaseAnimations();
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
  waitedFor: () => [],
  now: absoluteNow,
  frameTime: absoluteFrameTime,
  shiftMs,
  dateShiftMs,
  isAdopted,
  recordMove,
  timeOfReal,
};
