// A running animation keeps Chromium making frames although its timeline stands still, and a captured frame then waits for two of
// them (38 ms instead of 11 ms a frame). An animation whose own playback rate is 0 does not (Blink,
// Animation::TimeToEffectChange). So running animations are held at rate 0 from the end of one step to the beginning of the next,
// without the page seeing it.
const held = new Map();  // Animation -> {rate: the true one, timing: timingOf() when it was held}
let watch = 0;           // handle of the animation frame in which they are checked

/// Setting the rate may round the current time differently, which must not be taken for a move by the page.
function setRate(animation, rate) {
  const anchor = anchors.get(animation);
  const isInPlace = anchor?.lastMs === animation.currentTime;
  playbackRate.set.call(animation, rate);
  if (isInPlace) anchor.lastMs = animation.currentTime;
}

/// An effect's timing as text. Reading it applies styles.
const timingOf = ({effect}) => (effect === null ? '' : Object.values(effect.getTiming()).join());

/// Sets running animations to rate 0.
function holdAnimations() {
  if (anchors.size === 0) return;
  native.getAnimations.call(document);  // applies styles: a change of animation-* at rate 0 would set time 0
  for (const [animation, anchor] of anchors) {
    if (!anchor.mayBeHeld || animation.playState !== 'running' || animation.pending || held.has(animation)) continue;
    const rate = animation.playbackRate;  // `anchor.rate` may be that from before a reverse()
    held.set(animation, {rate, timing: timingOf(animation)});
    setRate(animation, 0);
  }
  watchNextFrame();
}

/// True if a style changed the animation while it was held, so that the computed style is wrong.
const hasChanged = (animation, {timing}) => animation.playState === 'paused' || timingOf(animation) !== timing;

function release(animation) {
  const known = held.get(animation);
  if (!held.delete(animation)) return;
  const isStale = hasChanged(animation, known);
  setRate(animation, known.rate);
  if (isStale) computeStyleAgain(animation.effect);
}

/// Makes the browser compute the style of the effect's target again. An effect that did not change, above all one that is over,
/// does not make it do so, but another animation that comes and goes does. Unlike a change of the animation's time, that causes
/// no events.
function computeStyleAgain(effect) {
  if (!effect?.target) return;
  const passing = new Animation(new KeyframeEffect(effect.target, {'--orchestrator': ['0', '1']},
                                                   {duration: 1, pseudoElement: effect.pseudoElement}));
  currentTime.set.call(passing, 0);
  passing.effect.getComputedTiming();  // applies the style
  cancelAnimation.call(passing);
}

function releaseAnimations() {
  native.cancelAnimationFrame(watch);
  for (const animation of held.keys()) release(animation);
}

/// Checks held animations in the next native frame: page code that runs after the step (a message, a stream, a socket) may change
/// styles, and the picture must show that.
function watchNextFrame() {
  if (held.size > 0) watch = native.requestAnimationFrame(releaseChanged);
}

function releaseChanged() {
  for (const [animation, known] of held) {
    if (hasChanged(animation, known)) release(animation);
  }
}

// Code of a page may run between steps (timers of a renderFrame page, answers from the network), so it is told the true rate.
const playbackRate = replaceAccessor(Animation.prototype, 'playbackRate', {
  get() {
    return held.get(this)?.rate ?? playbackRate.get.call(this);
  },
});
const {cancel: cancelAnimation} = Animation.prototype;
const currentTime = Object.getOwnPropertyDescriptor(Animation.prototype, 'currentTime');
