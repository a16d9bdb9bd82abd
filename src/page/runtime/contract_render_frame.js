// Contract of a page with window.renderFrame(frame, {fps, time}): it draws the frame that it is told to, in any order.
function* drawFrame(frame) {
  const previousMs = clock.frameMs;
  rounds = 0;
  setFrameTime(frame);
  yield* advanceMedia();
  yield* putAnimations(previousMs);
  const timing = {fps: config.fps.num / config.fps.den, time: (frame * config.fps.den) / config.fps.num};
  try {
    const result = defined('renderFrame').call(window, frame, timing);
    if (isPromise(result)) yield waitFor(`renderFrame(${frame})`, result);
  } catch (error) {
    throw failure(`window.renderFrame(${frame}) failed`, error);
  }
  yield* putAnimations(clock.frameMs);
  yield* advanceSvgAndTell();
  yield* seekChildren(frame);
  yield* waitForIncoming();
  while (yield* waitForRequests()) {  // that renderFrame made and did not wait for, and of load handlers
    yield* putAnimations(clock.frameMs);
    yield* waitForIncoming();
  }
}

function* putAnimations(previousMs) {
  yield* learnOwnTrees();
  followClock(previousMs);
}

contracts.push({
  name: 'renderFrame',
  applies() {
    const renderFrame = defined('renderFrame');
    if (typeof renderFrame === 'function') return true;
    if (renderFrame !== undefined) warnOnce('window.renderFrame is no function, so the page is not drawn by it');
    return false;
  },
  begin() {
    keepsFinished = true;
    followClock(0);  // animations that run from the start began at 0, whichever frame comes first
    runNatively();  // pages await timers and animation frames inside renderFrame
  },
  seek: drawFrame,
});
