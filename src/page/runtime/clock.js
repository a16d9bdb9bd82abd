// The clock: everything that tells the page the time. It stands at 0 while the page loads and moves only in seek().
const epochMs = native.Date.UTC(2024, 0, 1);  // any fixed date serves; the docs name this one
const clock = {
  frame: -1,   // the frame that is being stepped to, or was; -1 while loading
  nowMs: 0,    // of performance.now and Date: between frames, the due time of the timer that runs
  frameMs: 0,  // of document.timeline, which in a browser too only moves with frames
};
const frameDurationMs = (1000 * config.fps.den) / config.fps.num;
/// Multiplied, never accumulated: frame n has the same time however it was reached.
const timeOfFrame = (frame) => (frame * 1000 * config.fps.den) / config.fps.num;

function setFrameTime(frame) {
  clock.frame = frame;
  clock.nowMs = clock.frameMs = timeOfFrame(frame);
}

const dateNow = () => Math.floor(epochMs + clock.nowMs);
replaceMethod(native.Date, 'now', function now() {
  return dateNow();
});
globalThis.Date = new Proxy(native.Date, {
  construct: (target, values, newTarget) => Reflect.construct(target, values.length > 0 ? values : [dateNow()], newTarget),
  apply: () => new native.Date(dateNow()).toString(),
});
native.Date.prototype.constructor = globalThis.Date;

replaceMethod(Performance.prototype, 'now', function now() {
  return clock.nowMs;
});
replaceAccessor(Performance.prototype, 'timeOrigin', {get: () => epochMs});
replaceAccessor(Event.prototype, 'timeStamp', {get: () => clock.nowMs});

// Chunks of one video run in different processes and must throw the same dice: mulberry32, a public-domain generator of
// 32 bits of state. crypto.getRandomValues is left alone.
let randomState = 0x9e3779b9;
replaceMethod(Math, 'random', function random() {
  randomState = (randomState + 0x6d2b79f5) | 0;
  let mixed = Math.imul(randomState ^ (randomState >>> 15), randomState | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
});
