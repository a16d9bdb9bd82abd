// CSS animations, transitions and WAAPI. The capture side freezes the document timeline (Animation.setPlaybackRate 0), so
// that a running animation stays where it was put; here each is put where it belongs at the frame's time.
const shadowRoots = new Set();
const anchors = new Map();  // Animation -> {atMs, positionMs, rate, lastMs, phase, seen, mayBeHeld}
let pass = 0;
let keepsFinished = false;  // renderFrame pages go back, where a finished animation runs again

const shifted = (time, byMs) => (time === null ? null : time + byMs);

const startTime = replaceAccessor(Animation.prototype, 'startTime', {
  get() {
    release(this);  // at rate 0 it says nothing
    const time = startTime.get.call(this);
    return isDocumentTime(this.timeline) ? shifted(time, timelineNow(this.timeline) - frozenTime()) : time;
  },
  set(time) {
    const isShifted = typeof time === 'number' && isDocumentTime(this.timeline);
    startTime.set.call(this, isShifted ? shifted(time, frozenTime() - timelineNow(this.timeline)) : time);
  },
});

function livingAnimations() {
  learnMutations(observer.takeRecords());  // what came in may have shadow roots
  const animations = native.getAnimations.call(document);
  for (const root of shadowRoots) {
    if (root.isConnected) animations.push(...native.getShadowAnimations.call(root));
  }
  return animations.filter(isOfClock);
}

/// Those of scroll and view timelines follow the scrolled content by themselves, in the browser's frames: then each step has one.
function isOfClock(animation) {
  const {timeline} = animation;
  if (timeline !== null && !isDocumentTime(timeline)) needsFrames = true;
  return isDocumentTime(timeline) && animation.effect !== null && !overlays.has(animation);
}

/// What an animation's events depend on: it changes exactly when the browser has one to send.
function phaseOf(animation, positionMs, timing) {
  const isOver = animation.playbackRate >= 0 ? positionMs >= timing.endTime : positionMs <= 0;
  if (isOver) return 'finished';
  if (!(animation instanceof CSSAnimation || animation instanceof CSSTransition)) return 'running';
  if (positionMs < timing.delay) return 'before';
  if (positionMs >= timing.delay + timing.activeDuration) return 'after';
  return Math.floor((positionMs - timing.delay) / timing.duration);
}

/// Setting the start time ends the pending state (and resolves `ready`) now instead of at some later native frame, and puts a
/// playback rate into effect that waited for it; whoever calls puts the animation back in its place.
function endPending(animation, positionMs) {
  if (!animation.pending) return;
  const rate = animation.playbackRate;
  startTime.set.call(animation, frozenTime() - (rate === 0 ? 0 : positionMs / rate));
}

function place(animation, anchor, positionMs) {
  endPending(animation, positionMs);
  if (animation.currentTime !== positionMs) animation.currentTime = positionMs;
  anchor.lastMs = animation.currentTime;
}

/// Anchors an animation when it is first seen running and when the page moved it: to this frame's time if it is about to
/// start or to turn (animation_calls.js), to the last one's if it was running (a browser's timeline too stands still between
/// frames). Whether it is `pending` says nothing: the browser may have made a frame of its own since the page's call.
function anchorOf(animation, previousMs) {
  const known = anchors.get(animation);
  const motion = restarts.get(animation);
  const isLeftAlone = motion === undefined && known?.rate === animation.playbackRate && known.lastMs === animation.currentTime;
  if (isLeftAlone) return known;
  restarts.delete(animation);
  const positionMs = motion === undefined ? animation.currentTime ?? 0 : positionAt(motion, clock.frameMs);
  endPending(animation, positionMs);
  const atMs = known === undefined || motion !== undefined ? clock.frameMs : previousMs;
  const anchor = {atMs, positionMs, rate: animation.playbackRate, lastMs: NaN, phase: known?.phase, seen: pass};
  anchors.set(animation, anchor);
  return anchor;
}

/// To the microsecond: 199.99999999999994 ms must not miss the end of an animation of 200 ms by a frame.
const positionAt = (anchor, timeMs) => Math.round((anchor.positionMs + (timeMs - anchor.atMs) * anchor.rate) * 1000) / 1000;

/// Within its active time, at whose ends an animation at rate 0 would be in another phase.
const isInside = (positionMs, {delay, activeDuration}) => positionMs > delay && positionMs < delay + activeDuration;

/// True if the browser now has an event to send for it.
function follow(animation, previousMs) {
  if (animation.playState === 'paused') {
    if (animation.pending) animation.currentTime = animation.currentTime;  // completes the pause and resolves `ready`
    restarts.delete(animation);
    return anchors.delete(animation);
  }
  const anchor = anchorOf(animation, previousMs);
  anchor.seen = pass;
  const timing = animation.effect.getComputedTiming();
  const position = positionAt(anchor, clock.frameMs);
  const clamped = anchor.rate >= 0 ? Math.min(position, timing.endTime) : Math.max(position, 0);
  if (clamped !== anchor.lastMs || animation.pending) place(animation, anchor, clamped);
  const phase = phaseOf(animation, clamped, timing);
  const changed = phase !== anchor.phase && !(anchor.phase === undefined && phase === 'running');
  anchor.phase = phase;
  anchor.mayBeHeld = anchor.rate !== 0 && isInside(clamped, timing);
  return changed;
}

/// Known transitions move on as they are before anything applies new styles: what turns one round starts from where it is
/// at the coming frame. Styles are applied by looking for new animations (getAnimations), and by any native frame.
function* moveTransitions(timeMs) {
  let ended = false;
  for (const [animation, anchor] of anchors) {
    const isLeftAlone = animation instanceof CSSTransition && !restarts.has(animation) && anchor.lastMs === animation.currentTime;
    if (!isLeftAlone || anchor.phase === 'finished') continue;
    place(animation, anchor, positionAt(anchor, timeMs));
    if (phaseOf(animation, anchor.lastMs, animation.effect.getComputedTiming()) !== 'finished') continue;
    anchor.phase = 'finished';
    ended = true;
  }
  if (ended) yield waitFor('an animation frame', nativeFrame());  // sends transitionend, and only then applies styles
}

/// True if it is gone for good and the browser has an event to send for that.
function forget(animation, anchor, previousMs) {
  const mayReturn = keepsFinished && anchor.phase === 'finished' && !(animation instanceof CSSTransition);
  if (mayReturn && animation.playState === 'finished') return follow(animation, previousMs);
  anchors.delete(animation);  // cancelled, or it finished and leaves nothing behind
  return anchor.phase !== 'finished';
}

/// Puts every animation where it belongs; `previousMs` is the time of the frame before. True if there are events to send.
function followClock(previousMs) {
  pass += 1;
  let eventsDue = false;
  for (const animation of livingAnimations()) eventsDue = follow(animation, previousMs) || eventsDue;
  for (const [animation, anchor] of anchors) {
    if (anchor.seen !== pass) eventsDue = forget(animation, anchor, previousMs) || eventsDue;
  }
  return eventsDue;
}

/// The same, and the events are delivered within this frame, be it captured or not. Handlers may start animations, which
/// have events of their own; after four rounds the rest is left to the next frame.
function* advanceAnimations(previousMs) {
  yield* moveTransitions(clock.frameMs);
  let from = previousMs;
  for (let round = 0; round < 4 && followClock(from); round += 1) {
    yield waitFor('an animation frame', nativeFrame());
    yield settleMicrotasks();
    from = clock.frameMs;
  }
}
