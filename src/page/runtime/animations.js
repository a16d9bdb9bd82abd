// CSS animations, transitions and the Web Animations API. The capture side freezes the document timeline
// (Animation.setPlaybackRate 0), so that a running animation stays where it was put. Here each is put where it belongs at the
// frame's time.
const shadowRoots = new Set();
const anchors = new Map();  // Animation -> {atMs, positionMs, rate, lastMs, phase, seen, mayBeHeld}
const started = new Set();  // animations that the page began: getAnimations() leaves out those of elements outside the document
let pass = 0;
let keepsFinished = false;  // true for renderFrame pages: they may go back to a time at which a finished animation runs again

const shifted = (time, byMs) => (time === null ? null : time + byMs);

const startTime = replaceAccessor(Animation.prototype, 'startTime', {
  get() {
    release(this);  // a held animation has rate 0, at which its start time means nothing
    const time = startTime.get.call(this);
    return isDocumentTime(this.timeline) ? shifted(time, timelineNow(this.timeline) - frozenTime()) : time;
  },
  set(time) {
    const isShifted = typeof time === 'number' && isDocumentTime(this.timeline);
    startTime.set.call(this, isShifted ? shifted(time, frozenTime() - timelineNow(this.timeline)) : time);
  },
});

function livingAnimations() {
  learnMutations(observer.takeRecords());  // new elements may have shadow roots
  const animations = new Set(native.getAnimations.call(document));
  forgetTreesOfGone();
  for (const root of [...shadowRoots, ...ownTrees]) {
    if (root.isConnected) native.getShadowAnimations.call(root).forEach((animation) => animations.add(animation));
  }
  for (const animation of started) {
    if (mayMove(animation)) animations.add(animation);
    else started.delete(animation);
  }
  return [...animations].filter(isOfClock);
}

const mayMove = ({playState}) => playState === 'running' || (keepsFinished && playState === 'finished');

/// True for an animation that the clock moves. Those on scroll and view timelines follow the scrolled content by themselves, in
/// native frames, so with one of them each step has a native frame.
function isOfClock(animation) {
  const {timeline} = animation;
  if (timeline !== null && !isDocumentTime(timeline)) needsFrames = true;
  return isDocumentTime(timeline) && animation.effect !== null && !overlays.has(animation);
}

/// The phase of an animation; it changes exactly when the browser has an event to send.
function phaseOf(animation, positionMs, timing) {
  const isOver = animation.playbackRate >= 0 ? positionMs >= timing.endTime : positionMs <= 0;
  if (isOver) return 'finished';
  if (!(animation instanceof CSSAnimation || animation instanceof CSSTransition)) return 'running';
  if (positionMs < timing.delay) return 'before';
  if (positionMs >= timing.delay + timing.activeDuration) return 'after';
  return Math.floor((positionMs - timing.delay) / timing.duration);
}

/// Sets the start time, which ends the pending state (and resolves `ready`) now instead of at some later native frame, and
/// applies a playback rate that was waiting for that. The caller puts the animation back in its place.
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

/// The anchor of an animation, from which its position follows. It gets a new one when it is first seen running and when the page
/// moved it: at this frame's time if it is about to start or to change direction (animation_calls.js), at the previous frame's
/// time if it was running (in a browser, too, a timeline stands still between frames). Whether it is `pending` tells nothing: the
/// browser may have made a frame of its own since the page's call.
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

/// The position at `timeMs`, rounded to microseconds: 199.99999999999994 ms must not miss the end of a 200 ms animation by a
/// frame.
const positionAt = (anchor, timeMs) => Math.round((anchor.positionMs + (timeMs - anchor.atMs) * anchor.rate) * 1000) / 1000;

/// True strictly within the active time. At its ends, setting the rate to 0 would change an animation's phase.
const isInside = (positionMs, {delay, activeDuration}) => positionMs > delay && positionMs < delay + activeDuration;

/// Puts one animation where it belongs. True if the browser now has an event to send for it.
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

/// Moves known transitions to `timeMs` before new styles are applied: a style change that reverses one starts from where it is
/// then. Styles are applied by a look for new animations (getAnimations) and by any native frame.
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

/// Drops an animation that was not seen in this pass, unless it has finished and may run again. True if the browser has an event
/// to send for it.
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

/// As followClock, and waits until the events are delivered, so that they belong to this frame, captured or not. Handlers may
/// start animations that have events of their own; after four rounds the rest is left to the next frame.
function* advanceAnimations(previousMs) {
  yield* moveTransitions(clock.frameMs);
  yield* learnOwnTrees();
  let from = previousMs;
  for (let round = 0; round < 4 && followClock(from); round += 1) {
    yield waitFor('an animation frame', nativeFrame());
    yield settleMicrotasks();
    yield* learnOwnTrees();
    from = clock.frameMs;
  }
}
