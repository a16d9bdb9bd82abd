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

/// The same contract for a page of which each frame depends on those before it: all of them are drawn, from frame 0 on.
function drawnFromZero({seek, ...contract}) {
  let last = -1;
  function* drawNext() {
    yield* seek(last + 1);
    last += 1;
  }
  /// A frame that nobody captures is shown, too: what a page draws in may depend on that (WebGL's drawing buffer).
  function* passNext() {
    yield* drawNext();
    yield waitFor('an animation frame', nativeFrame());
  }
  return {
    ...contract,
    drawsAll: true,
    *seek(frame) {
      if (frame < last) {
        throw new Error(`frame ${frame} was asked for after frame ${last}, but the page is stateful: load it again to go back`);
      }
      while (last + 1 < frame) yield* passNext();
      if (last < frame) yield* drawNext();
    },
    *approach(frame) {
      const endMs = native.now() + approachMs;
      do yield* passNext();
      while (last + 1 < frame && native.now() < endMs);
      return last;
    },
  };
}

function* putAnimations(previousMs) {
  yield* learnOwnTrees();
  followClock(previousMs);
}
