// The clock: everything that tells the page the time reads it here. It stands at 0 while the page loads and moves only in seek().
const epochMs = native.Date.UTC(2024, 0, 1);  // any fixed date would do; docs/page-contracts.md promises this one
const originMs = parent?.now() ?? config.originMs ?? 0;  // frames and workers that come in late count from there, as in a browser
const clock = {
  frame: -1,          // the frame of the step under way or of the last one; -1 while loading
  nowMs: originMs,    // for Date and performance.now: between frames, the due time of the timer that runs
  frameMs: originMs,  // for document.timeline, which moves only with frames, as in a browser
  isMoving: false,    // true during this document's own step
};
const frameDurationMs = (1000 * config.fps.den) / config.fps.num;
/// The film's time at this clock's 0. It is above 0 only in a frame of another origin that came in late, and in the frames inside
/// it: such a frame begins to count before it is told the film's time (parent_frame.js).
const shiftMs = () => parent?.shiftMs() ?? 0;
const dateShiftMs = () => parent?.dateShiftMs() ?? config.dateShiftMs ?? 0;
/// A frame's time is multiplied, never accumulated: frame n has the same time however it was reached.
const timeOfFrame = (frame) => (frame * 1000 * config.fps.den) / config.fps.num - shiftMs();

// The times that the page is told. An <iframe> steps after its parent. If the parent's code calls into it before, the parent's
// time holds there.
const absoluteNow = () => (clock.isMoving || parent === null ? clock.nowMs : parent.now());
const absoluteFrameTime = () => (clock.isMoving || parent === null ? clock.frameMs : parent.frameTime());
const pageNow = () => absoluteNow() - originMs;
const pageFrameTime = () => absoluteFrameTime() - originMs;
const dateNow = () => Math.floor(epochMs + dateShiftMs() + absoluteNow());

// The browser stamps some things with real time (events, performance entries, files). To translate such a stamp into the clock's
// time, each move of the clock is recorded with its real time. The frames of a page share the record.
const nativeOriginMs = performance.timeOrigin;
const mostMoves = 20000;     // then the older half is dropped: nobody asks for what happened minutes ago
const stampGrainMs = 0.1;    // to which Chromium coarsens such stamps (Blink, TimeClamper)
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
/// The clock's time at a moment of real time, given in milliseconds since 1970 as Date has them.
const timeOfReal = parent?.timeOfReal ?? timeOfRealHere;
/// The page's time at a moment that is given as performance.now gives it. For what happened before the page began it is 0.
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
