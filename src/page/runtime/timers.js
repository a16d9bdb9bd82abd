// setTimeout and setInterval. Timers are either held, and fire by the clock, or run natively as the browser's own, under our ids.
const timers = new Map();  // id -> {id, handler, values, delayMs, dueMs, nesting, repeats, handle, rank}
let lastTimerId = 0;
let currentNesting = 0;
let timersAreNative = false;
let newOnesAreNative = false;  // also animation frames; while a page that stands at a frame is waited for

// HTML, "timer initialization steps": from the sixth nesting level on a timer waits at least 4 ms. This also ends loops of timers
// of 0 ms. Tasks of the scheduler have no such rule, but a loop of them has to end as well.
const clampTimer = (delayMs, nesting) => (nesting > 5 ? Math.max(delayMs, 4) : delayMs);
const clampTask = (delayMs, nesting) => (nesting > 50 ? Math.max(delayMs, 1) : delayMs);
const timerRank = () => 0;

function enter(timer) {
  Object.assign(timer, {id: ++lastTimerId, nesting: currentNesting + 1, handle: null});
  timer.dueMs = absoluteNow() + timer.clamp(timer.delayMs, timer.nesting);
  timers.set(timer.id, timer);
  if (timersAreNative || newOnesAreNative) startNatively(timer);
  return timer.id;
}

function addTimer(handler, delay, values, repeats) {
  const delayMs = Math.max(0, Number(delay) | 0);  // WebIDL long: NaN is 0
  return enter({handler, values, repeats, delayMs, clamp: clampTimer, rank: timerRank});
}

/// Adds a task that is no timer of the page's. Of tasks that are due at the same moment, the one with the lowest rank() comes
/// first.
const addTask = (handler, delayMs, rank) => enter({handler, values: [], repeats: false, delayMs, clamp: clampTask, rank});

function removeTimer(id) {
  const timer = timers.get(Number(id));
  if (!timer) return;
  timers.delete(timer.id);
  if (timer.handle !== null) native.clearTimeout(timer.handle);
}

function startNatively(timer) {
  timer.handle = native.setTimeout(() => {
    timer.handle = null;
    callTimer(timer);
    currentNesting = 0;
    if (timers.has(timer.id) && (timersAreNative || newOnesAreNative)) startNatively(timer);
  }, timer.clamp(timer.delayMs, timer.nesting));
}

function callTimer(timer) {
  const compiled = typeof timer.handler === 'function' ? timer.handler : () => runText(String(timer.handler));
  if (!timer.repeats) timers.delete(timer.id);
  currentNesting = timer.nesting;
  callPage(compiled, timer.values);
  timer.nesting += 1;
}

const isBefore = (one, other) => one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.rank() < other.rank());

function nextTimerDue(limitMs) {
  let next = null;
  for (const timer of timers.values()) {
    if (timer.dueMs <= limitMs && (next === null || isBefore(timer, next))) next = timer;
  }
  return next;
}

/// Fires the timers that are due until `limitMs`, in order of due time, rank, then creation (or repetition), with the clock at
/// each one's due time. True if there were any.
function* fireTimers(limitMs) {
  let wereAny = false;
  for (let timer = nextTimerDue(limitMs); timer !== null; timer = nextTimerDue(limitMs)) {
    wereAny = true;
    moveClock(Math.max(clock.nowMs, timer.dueMs));
    if (timer.repeats) {
      timers.delete(timer.id);  // entered again behind timers that were created for the same moment meanwhile
      timers.set(timer.id, timer);
      timer.dueMs += Math.max(timer.clamp(timer.delayMs, timer.nesting + 1), 1);
    }
    callTimer(timer);
    yield* moveTransitions(limitMs);  // while we wait, a native frame may apply what the callback changed
    yield settleMicrotasks();  // promises the callback resolved count as nested in it: `for (;;) await sleep(0)` ends
    currentNesting = 0;
    yield* waitForRequests();
  }
  return wereAny;
}

function runTimersNatively() {
  timersAreNative = true;
  for (const timer of timers.values()) startNatively(timer);
}

/// Lets timers follow the clock again. A timer that has not fired keeps the due time that it would have had without running
/// natively.
function holdTimers() {
  timersAreNative = false;
  for (const timer of timers.values()) {
    native.clearTimeout(timer.handle);
    timer.handle = null;
  }
}

replaceMethod(globalThis, 'setTimeout', function setTimeout(handler, delay, ...values) {
  return addTimer(handler, delay, values, false);
});
replaceMethod(globalThis, 'setInterval', function setInterval(handler, delay, ...values) {
  return addTimer(handler, delay, values, true);
});
replaceMethod(globalThis, 'clearTimeout', function clearTimeout(id) {
  removeTimer(id);
});
replaceMethod(globalThis, 'clearInterval', function clearInterval(id) {
  removeTimer(id);
});
