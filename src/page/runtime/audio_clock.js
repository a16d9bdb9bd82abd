// AudioContext: its time and its state follow the clock. Its sound is not rendered yet, so a page that analyses it hears silence.
const audio = new WeakMap();  // AudioContext -> {state, playedMs: what it had played at sinceMs, sinceMs}
const contextTime = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'currentTime').get;
const contextState = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state').get;

function playedMs({state, playedMs, sinceMs}) {
  return state === 'running' ? playedMs + absoluteNow() - sinceMs : playedMs;
}

/// Changes the state in a task of its own, as a browser does. The promise is resolved then.
function changeAudio(context, state) {
  return new native.Promise((resolve) => {
    addTask(() => {
      const known = audio.get(context);
      if (known.state !== state && known.state !== 'closed') {
        audio.set(context, {state, playedMs: playedMs(known), sinceMs: absoluteNow()});
        Reflect.apply(dispatch, context, [madeNow(new Event('statechange'))]);
      }
      resolve();
    }, 0, timerRank);
  });
}

/// Drops the browser's own events, which come in real time. It must be the first listener: on a target that is no node, listeners
/// are called in the order in which they were added.
const dropNative = (event) => event.isTrusted && event.stopImmediatePropagation();

replaceClass('AudioContext', (values, newTarget) => {
  const context = Reflect.construct(AudioContext, values, newTarget);
  audio.set(context, {state: 'suspended', playedMs: 0, sinceMs: absoluteNow()});
  listen.call(context, 'statechange', dropNative);
  changeAudio(context, 'running');
  return context;
});

const audioStates = {resume: 'running', suspend: 'suspended', close: 'closed'};
for (const [name, state] of Object.entries(audioStates)) {
  const method = AudioContext.prototype[name];
  replaceMethod(AudioContext.prototype, name, function () {
    const done = method.call(this);
    if (!audio.has(this) || audio.get(this).state === 'closed') return done;  // if it is closed, `done` is rejected
    done.catch(() => {});
    return changeAudio(this, state);
  });
}
replaceAccessor(BaseAudioContext.prototype, 'state', {
  get() {
    return audio.get(this)?.state ?? contextState.call(this);
  },
});
replaceAccessor(BaseAudioContext.prototype, 'currentTime', {
  get() {
    const known = audio.get(this);
    return known === undefined ? contextTime.call(this) : playedMs(known) / 1000;
  },
});
// Latencies depend on the machine, so they are told as 0.
for (const name of ['baseLatency', 'outputLatency']) replaceAccessor(AudioContext.prototype, name, {get: () => 0});
if (globalThis.AudioPlaybackStats !== undefined) {
  replaceGetters(AudioPlaybackStats.prototype, () => () => 0);
  replaceToJson(AudioPlaybackStats.prototype);
}
replaceMethod(AudioContext.prototype, 'getOutputTimestamp', function () {
  return {contextTime: this.currentTime, performanceTime: pageNow()};
});

/// Calls `act(node)` for each node of the class `name` that the page makes in an AudioContext (not in an OfflineAudioContext).
function onAudioNode(name, maker, act) {
  const original = globalThis[name];
  const make = BaseAudioContext.prototype[maker];
  const made = (node) => {
    if (audio.has(node.context)) act(node);
    return node;
  };
  if (original !== undefined) replaceClass(name, (values, newTarget) => made(Reflect.construct(original, values, newTarget)));
  if (make === undefined) return;
  replaceMethod(BaseAudioContext.prototype, maker, function (...values) {
    return made(Reflect.apply(make, this, values));
  });
}

// Nodes that give a page sound to work with in real time. (Audio worklets: worklets.js.)
onAudioNode('AnalyserNode', 'createAnalyser', () => warnOnce('AnalyserNode hears silence: sound is not rendered yet'));
onAudioNode('ScriptProcessorNode', 'createScriptProcessor', () =>
  warnOnce('ScriptProcessorNode is called in real time: what it does may come at another frame in each render'));
