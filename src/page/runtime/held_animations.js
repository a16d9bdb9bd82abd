// A running animation keeps Chromium making frames although its timeline stands still, and what we draw then waits for two
// of them (38 ms instead of 11 ms a frame). One whose own playback rate is 0 does not (Blink, Animation::TimeToEffectChange).
// So running animations have rate 0 from the end of one step to the beginning of the next, and the page is not to see it.
const heldRates = new Map();  // Animation -> its true rate

/// Its time may come back with another rounding, which is no move of the page's.
function setRate(animation, rate) {
  const anchor = anchors.get(animation);
  const isInPlace = anchor?.lastMs === animation.currentTime;
  playbackRate.set.call(animation, rate);
  if (isInPlace) anchor.lastMs = animation.currentTime;
}

/// Styles are applied before: a change of animation-* finds its animation at time 0 while the rate is 0.
function holdAnimations() {
  if (anchors.size === 0) return;
  native.getAnimations.call(document);
  for (const [animation, anchor] of anchors) {
    if (!anchor.mayBeHeld || animation.playState !== 'running' || animation.pending || heldRates.has(animation)) continue;
    heldRates.set(animation, animation.playbackRate);  // `anchor.rate` may be the one before a reverse()
    setRate(animation, 0);
  }
}

function release(animation) {
  const rate = heldRates.get(animation);
  if (!heldRates.delete(animation)) return;
  setRate(animation, rate);
  if (animation.playState === 'paused') sampleAgain(animation);
}

/// A style that paused it while it was held was computed for time 0. Nothing but another time makes the browser look again.
function sampleAgain(animation) {
  const position = animation.currentTime;
  for (const time of [position + 0.001, position]) {
    currentTime.set.call(animation, time);
    animation.effect?.getComputedTiming();  // applies it
  }
}

function releaseAnimations() {
  for (const animation of heldRates.keys()) release(animation);
}

// Some pages' code runs between steps: timers beside renderFrame, answers of the network.
const playbackRate = replaceAccessor(Animation.prototype, 'playbackRate', {
  get() {
    return heldRates.get(this) ?? playbackRate.get.call(this);
  },
});
const currentTime = Object.getOwnPropertyDescriptor(Animation.prototype, 'currentTime');
for (const name of ['currentTime', 'effect', 'playbackRate', 'startTime', 'timeline']) {
  const original = Object.getOwnPropertyDescriptor(Animation.prototype, name);
  replaceAccessor(Animation.prototype, name, {
    set(value) {
      release(this);
      original.set.call(this, value);
    },
  });
}
for (const name of ['cancel', 'finish', 'pause', 'play', 'reverse', 'updatePlaybackRate']) {
  const method = Animation.prototype[name];
  replaceMethod(Animation.prototype, name, function (...values) {
    release(this);
    return Reflect.apply(method, this, values);
  });
}
