// The clock: all that tells the page the time asks here. It stands at 0 while the page loads and moves only in seek().
const epochMs = native.Date.UTC(2024, 0, 1);  // any fixed date serves; the docs name this one
const originMs = parent?.now() ?? config.originMs ?? 0;  // frames and workers that come in late count from then on, as in a browser
const clock = {
  frame: -1,          // the frame that is being stepped to, or was; -1 while loading
  nowMs: originMs,    // of Date and performance.now: between frames, the due time of the timer that runs
  frameMs: originMs,  // of document.timeline, which in a browser too only moves with frames
  isMoving: false,    // during this frame's own step
};
const frameDurationMs = (1000 * config.fps.den) / config.fps.num;
/// What the film's time was when the clock here stood at 0: more than 0 in a frame of another origin that came in late, and in those
/// inside it, for such a frame is told only after it has begun (parent_frame.js).
const shiftMs = () => parent?.shiftMs() ?? 0;
const dateShiftMs = () => parent?.dateShiftMs() ?? config.dateShiftMs ?? 0;
/// Multiplied, never accumulated: frame n has the same time however it was reached.
const timeOfFrame = (frame) => (frame * 1000 * config.fps.den) / config.fps.num - shiftMs();

// What the page is told. An <iframe> steps after its parent, whose code may reach into it before: then it is the parent's time.
const absoluteNow = () => (clock.isMoving || parent === null ? clock.nowMs : parent.now());
const absoluteFrameTime = () => (clock.isMoving || parent === null ? clock.frameMs : parent.frameTime());
const pageNow = () => absoluteNow() - originMs;
const pageFrameTime = () => absoluteFrameTime() - originMs;
const dateNow = () => Math.floor(epochMs + dateShiftMs() + absoluteNow());

// The browser stamps some things with the real time (events, performance entries, files). To say when that was on the clock,
// it is written down when the clock moved; the frames of a page share the record.
const nativeOriginMs = performance.timeOrigin;
const mostMoves = 20000;     // of which the older half is dropped: nobody asks for what happened minutes ago
const stampGrainMs = 0.1;    // to which Chromium coarsens such times (blink, TimeClamper)
const moves = {realMs: [], clockMs: []};

function recordMoveHere(realMs, clockMs) {
  moves.realMs.push(realMs);
  moves.clockMs.push(clockMs);
  if (moves.realMs.length < mostMoves) return;
  moves.realMs.splice(0, mostMoves / 2);
  moves.clockMs.splice(0, mostMoves / 2);
}

function timeOfRealHere(realMs) {
  let [first, last] = [0, moves.realMs.length];  // the move looked for is before `last`
  while (first < last) {
    const middle = (first + last) >> 1;
    if (moves.realMs[middle] <= realMs + stampGrainMs) first = middle + 1;
    else last = middle;
  }
  return first > 0 ? moves.clockMs[first - 1] : originMs;
}

const recordMove = parent?.recordMove ?? recordMoveHere;
/// The clock's time at a moment of real time, given as Date gives it.
const timeOfReal = parent?.timeOfReal ?? timeOfRealHere;
/// The same for a moment as performance.now gives it, and for the page: what came before it is at its beginning.
const pageTimeOf = (stampMs) => Math.max(0, timeOfReal(nativeOriginMs + stampMs) - originMs);

let afterMove = () => {};  // set by frame_steps.js

function moveClock(nowMs) {
  if (nowMs === clock.nowMs) return;
  clock.nowMs = nowMs;
  recordMove(nativeOriginMs + native.now(), nowMs);
  afterMove();
}

function setFrameTime(frame) {
  clock.frame = frame;
  clock.frameMs = timeOfFrame(frame);
  moveClock(clock.frameMs);
}
