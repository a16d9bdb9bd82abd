// scheduler.postTask, scheduler.yield and AbortSignal.timeout: tasks that run by the clock, in one order with the timers.
const {timeout: timeoutNatively} = AbortSignal;
const isAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted').get;
const abortReason = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'reason').get;

/// Of two tasks that are due at the same time the one with the lower rank runs first; 0 is a timer.
const ranks = {'user-blocking': -3, continuation: -2, 'user-visible': 0, background: 2};

function post({callback, delayMs, rank, signal}) {
  return new native.Promise((resolve, reject) => {
    const abort = () => {
      removeTimer(id);
      reject(abortReason.call(signal));
    };
    const run = () => {
      if (signal !== undefined) unlisten.call(signal, 'abort', abort);
      try {
        resolve(callback());
      } catch (error) {
        reject(error);
      }
    };
    const id = addTask(run, delayMs, rank);
    if (signal !== undefined) listen.call(signal, 'abort', abort);
  });
}

function checkTask(callback, {delay = 0, priority, signal}) {
  if (typeof callback !== 'function') throw new TypeError('postTask: the callback is not a function');
  if (!(Number(delay) >= 0)) throw new TypeError('postTask: the delay is not a number of milliseconds');
  if (priority !== undefined && !Object.hasOwn(ranks, priority)) throw new TypeError(`postTask: no priority '${priority}'`);
  if (signal !== undefined && isAborted.call(signal)) throw abortReason.call(signal);
}

function postTask(callback, options = {}) {
  try {
    checkTask(callback, options ?? {});
  } catch (error) {
    return native.Promise.reject(error);
  }
  const {delay = 0, priority, signal} = options ?? {};
  return post({callback, delayMs: Number(delay), rank: () => ranks[priority ?? signal?.priority ?? 'user-visible'], signal});
}

if (globalThis.Scheduler !== undefined) {  // in secure contexts
  replaceMethod(Scheduler.prototype, 'postTask', postTask);
  replaceMethod(Scheduler.prototype, 'yield', () => post({callback() {}, delayMs: 0, rank: () => ranks.continuation}));
}

replaceMethod(AbortSignal, 'timeout', (delayMs) => {
  timeoutNatively.call(AbortSignal, delayMs);  // throws for what is no number of milliseconds
  const controller = new AbortController();
  addTask(() => controller.abort(new DOMException('signal timed out', 'TimeoutError')), Number(delayMs), () => 0);
  return controller.signal;
});

// Atomics.waitAsync. The browser's own waiter is given no time-out and cannot be taken back, so one whose time is over hands on
// what wakes it later.
const {Atomics} = globalThis;
const {notify: notifyNatively, waitAsync: waitNatively} = Atomics;

function waitByClock([array, index], {value: woken}, delayMs) {
  return new native.Promise((resolve) => {
    let isOver = false;
    const id = addTask(() => {
      isOver = true;
      resolve('timed-out');
    }, delayMs, timerRank);
    woken.then((result) => {
      if (isOver) return notifyNatively(array, index, 1);
      removeTimer(id);
      return resolve(result);
    });
  });
}

replaceMethod(Atomics, 'waitAsync', (...values) => {
  const delayMs = values[3] === undefined ? Infinity : Number(values[3]);
  if (!(delayMs > 0 && delayMs < Infinity)) return Reflect.apply(waitNatively, Atomics, values);
  const wait = Reflect.apply(waitNatively, Atomics, values.slice(0, 3));
  return wait.async ? {async: true, value: waitByClock(values, wait, delayMs)} : wait;
});

// XMLHttpRequest.timeout. Time stands still until an answer is there, so only a request that was given up can reach its timeout.
const xhrTimeouts = new WeakMap();
const xhrTimeout = replaceAccessor(XMLHttpRequest.prototype, 'timeout', {
  get() {
    return xhrTimeouts.get(this) ?? 0;
  },
  set(delayMs) {
    xhrTimeouts.set(this, Number(delayMs) >>> 0);  // WebIDL unsigned long
  },
});
const {send: sendWithoutTimeout} = XMLHttpRequest.prototype;
replaceMethod(XMLHttpRequest.prototype, 'send', function (...values) {
  Reflect.apply(sendWithoutTimeout, this, values);
  const endNow = () => xhrTimeout.set.call(this, 1);  // ms of real time since the request began
  if (this.timeout > 0) addTask(() => this.readyState !== XMLHttpRequest.DONE && endNow(), this.timeout, timerRank);
});
