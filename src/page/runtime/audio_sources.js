// The end of sounds: `ended` is sent by the context's time. The browser's own event comes in real time and is dropped.
const soundEnds = new WeakMap();  // AudioScheduledSourceNode -> the context's time at which it ends; absent before start()
const retryMs = 50;               // until the next look at a sound whose context was suspended meanwhile

const secondsLeft = (node) => soundEnds.get(node) - node.context.currentTime;

/// Sends `ended` when the sound is over. If its context stood still meanwhile, it looks again later; if another call has ended
/// the sound, it does nothing.
function awaitEnd(node, leastMs = 0) {
  if (secondsLeft(node) === Infinity) return;
  addTask(() => {
    if (!soundEnds.has(node)) return;
    if (secondsLeft(node) > 1e-6) return awaitEnd(node, retryMs);
    soundEnds.delete(node);
    Reflect.apply(dispatch, node, [madeNow(new Event('ended'))]);
  }, Math.max(secondsLeft(node) * 1000, leastMs), timerRank);
}

/// How long a node plays if nothing stops it, in seconds.
function soundLength(node, offset = 0, duration = Infinity) {
  if (!(node instanceof AudioBufferSourceNode)) return Infinity;
  const wholeLength = node.loop ? Infinity : (node.buffer?.duration ?? 0) - offset;
  return Math.max(0, Math.min(duration, wholeLength)) / (node.playbackRate.value || 1);
}

const sources = {
  AudioBufferSourceNode: 'createBufferSource', ConstantSourceNode: 'createConstantSource', OscillatorNode: 'createOscillator',
};
for (const [name, maker] of Object.entries(sources)) {
  onAudioNode(name, maker, (node) => listen.call(node, 'ended', dropNative));
}

function followSound(owner, name, endOf) {
  const method = owner[name];
  replaceMethod(owner, name, function (...values) {
    Reflect.apply(method, this, values);
    if (!audio.has(this.context)) return;
    const beginsAt = Math.max(Number(values[0] ?? 0), this.context.currentTime);
    soundEnds.set(this, Math.min(soundEnds.get(this) ?? Infinity, endOf(this, beginsAt, values)));
    awaitEnd(this);
  });
}

const startSound = (node, beginsAt, [, offset, duration]) => beginsAt + soundLength(node, offset, duration);
followSound(AudioBufferSourceNode.prototype, 'start', startSound);
followSound(AudioScheduledSourceNode.prototype, 'start', startSound);
followSound(AudioScheduledSourceNode.prototype, 'stop', (node, stopsAt) => stopsAt);
