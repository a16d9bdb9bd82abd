// Contract of every other page: its clock is moved through every frame, one after the other, and the page follows the clock.
let lastFrame = -1;

/// The frame number before the first step of an <iframe> that comes in late. Its first step is the parent's present one or, if
/// that is over, the next.
function frameBeforeFirst() {
  if (parent === null) return -1;
  return parent.now() > timeOfFrame(parent.frame()) ? parent.frame() : Math.max(parent.frame() - 1, -1);
}
forEachDocument(() => { lastFrame = frameBeforeFirst(); });

/// `isCaptured`: the browser shows this frame before the next step.
function* stepTo(frame, isCaptured) {
  const previousMs = clock.frameMs;
  rounds = 0;
  const ranTimers = yield* fireTimers(timeOfFrame(frame));
  setFrameTime(frame);
  yield* advanceMedia();
  const heardWorkers = yield* stepWorkers(false);
  const toldEvents = yield* sendFrameEvents();
  if (ranTimers || heardWorkers || toldEvents) yield* endFirstHalf();
  yield* advanceAnimations(previousMs);
  runVideoFrameCallbacks();
  const isMoved = yield* moveHelios();
  const ranFrames = yield* runFrameCallbacks();
  const ranIdle = yield* runIdleCallbacks();
  const asked = [yield* waitForRequests(), yield* stepWorkers(true)].includes(true);
  const toldMore = yield* sendFrameEvents();
  if (isMoved || ranFrames || ranIdle || asked || toldMore) yield* advanceAnimations(clock.frameMs);
  yield* advanceSvgAndTell();
  if (needsFrames || (losesBuffers && !isCaptured)) {
    yield* tellObservers();
    yield* advanceAnimations(clock.frameMs);
  }
  if (yield* endTransitions()) yield* advanceAnimations(clock.frameMs);
  yield* seekChildren(frame);
  if (parent === null) yield* hearLateMessages();
  yield* waitForIncoming();
  while (yield* waitForRequests()) {  // for example those of load handlers
    yield* advanceAnimations(clock.frameMs);
    yield* waitForIncoming();
  }
  yield* settleHelios();
  lastFrame = frame;
}

/// Waits, before the animation frames, until all that was asked for is there and the page has acted on it. The pause is for
/// requests that only the capture side knows of.
function* endFirstHalf() {
  yield* moveTransitions(clock.frameMs);  // while we wait, styles are applied
  do {
    yield* waitForLoads();
    yield* waitForData();
  } while (yield* waitForRequests());
  yield pause();
}

function* stepThrough(frame) {
  if (frame < lastFrame) {
    throw new Error(`frame ${frame} was asked for after frame ${lastFrame}, but the page has no window.renderFrame: ` +
                    'its clock only goes forward; load the page again to go back');
  }
  for (let next = lastFrame + 1; next <= frame; next += 1) yield* stepTo(next, next === frame && parent === null);
}

/// Steps towards the frame before `frame` for a while and returns the frame reached: all steps may take longer than a frame's
/// time limit.
function* stepTowards(frame) {
  const endMs = native.now() + approachMs;
  do yield* stepTo(lastFrame + 1, false);
  while (lastFrame + 1 < frame && native.now() < endMs);
  return lastFrame;
}

contracts.push({name: 'virtual clock', applies: () => true, *begin() {}, seek: stepThrough, approach: stepTowards});
