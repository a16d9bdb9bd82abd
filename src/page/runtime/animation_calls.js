// A page's calls to its animations. In a browser play(), reverse() and updatePlaybackRate() take effect with the next frame:
// until then a running animation goes on as before (web-animations-1, "pending play task"). Here that is the film's next frame,
// not one that the browser happens to make meanwhile. So each call records how the animation moves until then.
const restarts = new WeakMap();  // Animation -> {atMs, positionMs, rate} like an anchor, until the animation is followed again

const motionFromHere = (animation, rate) => ({atMs: absoluteFrameTime(), positionMs: animation.currentTime ?? 0, rate});

function presentMotion(animation) {
  const known = anchors.get(animation);
  if (known === undefined || animation.playState !== 'running') return motionFromHere(animation, 0);
  const isLeftAlone = known.rate === animation.playbackRate && known.lastMs === animation.currentTime;
  return isLeftAlone ? known : motionFromHere(animation, animation.playbackRate);
}

/// Updates that record when the page sets a property while the animation waits for the next frame.
function keepMotion(animation, name) {
  const motion = restarts.get(animation);
  if (motion === undefined || name === 'effect') return;
  if (name === 'startTime' || name === 'timeline') return restarts.delete(animation);  // setting these ends the wait
  const isMoving = motion.rate !== 0;
  restarts.set(animation, motionFromHere(animation, isMoving && name === 'playbackRate' ? animation.playbackRate : motion.rate));
}

for (const name of ['currentTime', 'effect', 'playbackRate', 'startTime', 'timeline']) {
  const original = Object.getOwnPropertyDescriptor(Animation.prototype, name);
  replaceAccessor(Animation.prototype, name, {
    set(value) {
      release(this);
      original.set.call(this, value);
      keepMotion(this, name);
    },
  });
}
for (const name of ['cancel', 'finish', 'pause']) {
  const method = Animation.prototype[name];
  replaceMethod(Animation.prototype, name, function (...values) {
    release(this);
    const result = Reflect.apply(method, this, values);
    restarts.delete(this);
    return result;
  });
}
for (const name of ['play', 'reverse', 'updatePlaybackRate']) {
  const method = Animation.prototype[name];
  replaceMethod(Animation.prototype, name, function (...values) {
    release(this);
    const motion = restarts.get(this) ?? presentMotion(this);
    const positionMs = this.currentTime;
    const result = Reflect.apply(method, this, values);
    started.add(this);
    const isRewound = this.currentTime !== positionMs;
    if (this.pending || restarts.has(this)) restarts.set(this, isRewound ? motionFromHere(this, 0) : motion);
    return result;
  });
}
