// WebCodecs: what a coder makes of its input belongs to the frame that gave it, without a flush(), too. How much it makes is its own
// affair, and only a flush() tells when it has:
// - A video encoder in Chromium holds nothing back, and a flush() of ours changes no byte (libvpx, libaom, OpenH264: compared).
// - An audio encoder makes every whole packet; a flush() would fill up the last one with silence.
// - A decoder makes as many pieces as it is given, less those that it holds back until it has more (B-frames, threads): what has not
//   come when it has taken all and made nothing for a while. Behind a flush() it would need a key frame.
const coderStates = new WeakMap();  // coder -> {given, made, heldBack, least, packet, flushes, tell, endedMs}
const quietMs = 2000;       // of real time, for the last piece that it took: much more than that takes on a busy machine
const standstillMs = 5000;  // of real time, without taking or making anything; as for requests
const grain = 0.5;          // pieces are whole, samples last 5 us or more: sums of their lengths are exact to this

const lengthOfData = ({numberOfFrames, sampleRate}) => (numberOfFrames / sampleRate) * 1e6;  // us
const lengthOfPacket = ({codec, opus}) => (codec === 'opus' ? opus?.frameDuration ?? 20000 : 0);  // us (WebCodecs, OpusEncoderConfig)
const coderWays = [
  {name: 'AudioDecoder', method: 'decode', queue: 'decodeQueueSize', amountOf: () => 1},
  {name: 'VideoDecoder', method: 'decode', queue: 'decodeQueueSize', amountOf: () => 1},
  {name: 'AudioEncoder', method: 'encode', queue: 'encodeQueueSize', amountOf: lengthOfData, packetOf: lengthOfPacket},
];

const owedBy = (state) => state.given - state.made;
const isEnough = (state) => state.flushes > 0 || owedBy(state) <= state.heldBack;

/// Until it has made what it does not hold back. Each piece that it takes or makes begins the time anew.
function untilMade(way, coder, state) {
  return new native.Promise((resolve) => {
    let timer;
    const queued = () => Reflect.apply(way.queued, coder, []);
    const endUnlessMoved = async () => {
      const {made} = state;
      await settleMicrotasks();
      if (state.tell === null || state.made !== made) return;
      if (queued() > 0) warnOnce(`${way.name} stands still: what it makes comes at another frame in each render`);
      state.heldBack = owedBy(state) + grain;
      state.tell();
    };
    state.tell = () => {
      native.clearTimeout(timer);
      if (!isEnough(state)) return void (timer = native.setTimeout(endUnlessMoved, queued() > 0 ? standstillMs : quietMs));
      state.tell = null;
      resolve();
    };
    state.tell();
  });
}

function waitForCoder(way, coder, state) {
  state.endedMs = clock.nowMs;
  if (state.tell === null && !isEnough(state)) followOperation(`${way.name}.${way.method}()`, untilMade(way, coder, state));
}

/// What comes when we wait for nothing was not held back, but took long.
function noteMade(way, state, amount) {
  state.made = Math.min(state.made + amount, state.given);
  if (state.tell !== null) return state.tell();
  if (state.flushes > 0 || timersAreNative) return undefined;
  state.heldBack = Math.min(state.heldBack, owedBy(state) + grain);
  if (state.endedMs !== clock.nowMs) warnOnce(`${way.name} took long: what it makes comes at another frame in each render`);
  return undefined;
}

function clearCoder(state) {
  Object.assign(state, {made: state.given, heldBack: state.least});
  state.tell?.();
}

/// It holds nothing back any more of what it was given before.
function followFlush(way, coder, state, flushed) {
  const {given} = state;
  state.flushes += 1;
  state.tell?.();
  const end = () => {
    state.flushes -= 1;
    Object.assign(state, {made: Math.max(state.made, given), heldBack: state.least});
    waitForCoder(way, coder, state);
  };
  flushed.then(end, end);
}

const afterCoderCall = {
  /// Ready, or failed, is what a flush() tells when nothing was given before. A decoder makes all of that by itself.
  configure(way, coder, state, [config]) {
    if (way.packetOf !== undefined) state.packet = way.packetOf(config);
    state.heldBack = state.least = Math.max(0, state.packet - grain);
    if (way.packetOf === undefined || state.given === 0) followFlush(way, coder, state, Reflect.apply(way.flush, coder, []));
  },
  take(way, coder, state, [input]) {
    state.given += way.amountOf(input);
    waitForCoder(way, coder, state);
  },
  flush: (way, coder, state, values, flushed) => followFlush(way, coder, state, flushed),
  close: (way, coder, state) => clearCoder(state),
};

function followCoderCall(way, prototype, method, act) {
  const call = prototype[method];
  replaceMethod(prototype, method, function (...values) {
    const result = Reflect.apply(call, this, values);
    const state = coderStates.get(this);
    if (state !== undefined) act(way, this, state, values, result);
    return result;
  });
}

function makeCoder(way, original, values, newTarget) {
  const [init] = values;
  if (typeof init?.output !== 'function' || typeof init.error !== 'function') return Reflect.construct(original, values, newTarget);  // throws
  const {output, error} = init;
  const state = {given: 0, made: 0, heldBack: 0, least: 0, packet: 0, flushes: 0, tell: null, endedMs: 0};
  const coder = Reflect.construct(original, [{
    output(...made) {
      noteMade(way, state, way.packetOf === undefined ? 1 : state.packet || made[0].duration);
      Reflect.apply(output, undefined, made);
    },
    error(reason) {
      clearCoder(state);
      Reflect.apply(error, undefined, [reason]);
    },
  }], newTarget);
  coderStates.set(coder, state);
  Reflect.apply(listen, coder, ['dequeue', () => state.tell?.()]);
  return coder;
}

for (const way of coderWays) {
  const original = globalThis[way.name];
  if (original === undefined) continue;  // not on a page without https
  const {prototype} = original;
  Object.assign(way, {flush: prototype.flush, queued: Object.getOwnPropertyDescriptor(prototype, way.queue).get});
  for (const [name, act] of [['configure', afterCoderCall.configure], [way.method, afterCoderCall.take], ['flush', afterCoderCall.flush],
                             ['reset', afterCoderCall.close], ['close', afterCoderCall.close]]) {
    followCoderCall(way, prototype, name, act);
  }
  replaceClass(way.name, (values, newTarget) => makeCoder(way, original, values, newTarget));
}

if (globalThis.VideoEncoder !== undefined) {
  const {flush} = VideoEncoder.prototype;
  const flushesToCome = new WeakSet();
  const flushSoon = async (coder) => {  // once for all that a turn of the page gives it
    if (flushesToCome.has(coder)) return;
    flushesToCome.add(coder);
    await null;
    flushesToCome.delete(coder);
    Reflect.apply(flush, coder, []).catch(() => {});  // closed meanwhile
  };
  for (const name of ['configure', 'encode']) {
    const call = VideoEncoder.prototype[name];
    replaceMethod(VideoEncoder.prototype, name, function (...values) {
      Reflect.apply(call, this, values);
      flushSoon(this);
    });
  }
}
