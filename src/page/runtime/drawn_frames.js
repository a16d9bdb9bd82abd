// What contracts have in common whose pages draw the frame that they are told to, in any order.

/// Called once, before the first frame.
function beginDrawing() {
  keepsFinished = true;
  followClock(0);  // animations that run from the start began at 0, whichever frame comes first
  runNatively();   // such pages await timers and animation frames while they draw
}

/// Takes the clock and all that follows it to `frame`, and has the page draw it: `draw(frame)` is a generator.
function* drawFrame(frame, draw) {
  const previousMs = clock.frameMs;
  rounds = 0;
  setFrameTime(frame);
  yield* advanceMedia();
  yield* putAnimations(previousMs);
  yield* moveHelios();
  yield* draw(frame);
  yield* putAnimations(clock.frameMs);
  yield* advanceSvgAndTell();
  yield* seekChildren(frame);
  yield* waitForIncoming();
  while (yield* waitForRequests()) {  // that the page made and did not wait for, and of load handlers
    yield* putAnimations(clock.frameMs);
    yield* waitForIncoming();
  }
}

function* putAnimations(previousMs) {
  yield* learnOwnTrees();
  followClock(previousMs);
}
