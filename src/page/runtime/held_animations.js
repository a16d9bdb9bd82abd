// A running animation keeps Chromium making frames although its timeline stands still, and what we draw then waits for two
// of them (38 ms instead of 11 ms a frame). One whose own playback rate is 0 does not (Blink, Animation::TimeToEffectChange).
// So running animations have rate 0 from the end of one step to the beginning of the next, and the page is not to see it.
const held = new Map();  // Animation -> {rate: its true one, timing: a text that tells whether it changed}
let watch = 0;           // over them, in the next native frame

/// Its time may come back with another rounding, which is no move of the page's.
function setRate(animation, rate) {
  const anchor = anchors.get(animation);
  const isInPlace = anchor?.lastMs === animation.currentTime;
  playbackRate.set.call(animation, rate);
  if (isInPlace) anchor.lastMs = animation.currentTime;
}

/// Applies styles, as everything does that asks for an effect's timing.
const timingOf = ({effect}) => (effect === null ? '' : Object.values(effect.getTiming()).join());

/// Styles are applied before: a change of animation-* finds its animation at time 0 while the rate is 0.
function holdAnimations() {
  if (anchors.size === 0) return;
  native.getAnimations.call(document);
  for (const [animation, anchor] of anchors) {
    if (!anchor.mayBeHeld || animation.playState !== 'running' || animation.pending || held.has(animation)) continue;
    const rate = animation.playbackRate;  // `anchor.rate` may be the one before a reverse()
    held.set(animation, {rate, timing: timingOf(animation)});
    setRate(animation, 0);
  }
  watchNextFrame();
}

/// True if a style changed it while it was held: what was computed for that change is wrong.
const hasChanged = (animation, {timing}) => animation.playState === 'paused' || timingOf(animation) !== timing;

function release(animation) {
  const known = held.get(animation);
  if (!held.delete(animation)) return;
  const isStale = hasChanged(animation, known);
  setRate(animation, known.rate);
  if (isStale) computeStyleAgain(animation.effect);
}

/// An effect that stays as it is, above all one that is over, makes the browser compute nothing. Another that comes and goes
/// does, and unlike another time it causes no events.
function computeStyleAgain(effect) {
  if (!effect?.target) return;
  const passing = new Animation(new KeyframeEffect(effect.target, {'--orchestrator': ['0', '1']},
                                                   {duration: 1, pseudoElement: effect.pseudoElement}));
  currentTime.set.call(passing, 0);
  passing.effect.getComputedTiming();  // applies it
  cancelAnimation.call(passing);
}

function releaseAnimations() {
  native.cancelAnimationFrame(watch);
  for (const animation of held.keys()) release(animation);
}

/// Page code that runs after the step (a message, a stream, a socket) may change styles: the picture shall show what it did.
function watchNextFrame() {
  if (held.size > 0) watch = native.requestAnimationFrame(releaseChanged);
}

function releaseChanged() {
  for (const [animation, known] of held) {
    if (hasChanged(animation, known)) release(animation);
  }
}

// Some pages' code runs between steps: timers beside renderFrame, answers of the network.
const playbackRate = replaceAccessor(Animation.prototype, 'playbackRate', {
  get() {
    return held.get(this)?.rate ?? playbackRate.get.call(this);
  },
});
const {cancel: cancelAnimation} = Animation.prototype;
const currentTime = Object.getOwnPropertyDescriptor(Animation.prototype, 'currentTime');
