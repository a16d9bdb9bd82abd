// WebCodecs: the output of a coder belongs to the frame that gave the input, even without a flush(). How much a coder puts out is
// up to it, and only flush() says when it is done:
// - A video encoder in Chromium holds nothing back, and a flush() of ours changes no byte (compared with libvpx, libaom,
//   OpenH264).
// - An audio encoder puts out every whole packet; a flush() would fill up the last one with silence.
// - A decoder puts out as many pieces as it is given, less those that it holds back until it gets more (B-frames, threads). Held
//   back is what has not come when it has taken all its input and put out nothing for a while. It cannot be flushed, because it
//   would then need a key frame.
const coderStates = new WeakMap();  // coder -> {given, made, heldBack, least, packet, flushes, tell, endedMs}
const quietMs = 2000;       // of real time after the last input was taken: much longer than decoding takes on a busy machine
const standstillMs = 5000;  // of real time, without taking or making anything; the same limit as for requests
const grain = 0.5;          // sums of lengths are exact to this: pieces count as 1, and an audio sample lasts 5 us or more

const lengthOfData = ({numberOfFrames, sampleRate}) => (numberOfFrames / sampleRate) * 1e6;  // us
const lengthOfPacket = ({codec, opus}) => (codec === 'opus' ? opus?.frameDuration ?? 20000 : 0);  // us (OpusEncoderConfig)
const coderWays = [
  {name: 'AudioDecoder', method: 'decode', queue: 'decodeQueueSize', amountOf: () => 1},
  {name: 'VideoDecoder', method: 'decode', queue: 'decodeQueueSize', amountOf: () => 1},
  {name: 'AudioEncoder', method: 'encode', queue: 'encodeQueueSize', amountOf: lengthOfData, packetOf: lengthOfPacket},
];

const owedBy = (state) => state.given - state.made;
const isEnough = (state) => state.flushes > 0 || owedBy(state) <= state.heldBack;

/// Waits until a coder has put out all that it does not hold back. Each piece that it takes or puts out restarts the time limit.
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

/// Counts output. Output that comes when nothing is waited for was not held back but took long.
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

/// Follows a flush(): when it ends, the coder holds back nothing of the input before it.
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
  /// A flush() without input before it tells when the coder is ready or has failed, so one follows. A decoder gets one in any
  /// case, as it puts out all earlier input when it is configured again.
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
  // The constructor throws if a callback is missing.
  if (typeof init?.output !== 'function' || typeof init.error !== 'function') return Reflect.construct(original, values, newTarget);
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
  const flushSoon = async (coder) => {  // one flush for all input of one run of the page's script
    if (flushesToCome.has(coder)) return;
    flushesToCome.add(coder);
    await null;
    flushesToCome.delete(coder);
    Reflect.apply(flush, coder, []).catch(() => {});  // it was closed meanwhile
  };
  for (const name of ['configure', 'encode']) {
    const call = VideoEncoder.prototype[name];
    replaceMethod(VideoEncoder.prototype, name, function (...values) {
      Reflect.apply(call, this, values);
      flushSoon(this);
    });
  }
}
