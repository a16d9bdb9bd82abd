// Waiting: what a step waits for, what the page still loads, and how both are told to the user.
const waits = new Set();     // what ready() or seek() is held up by: {label}
const arrivals = new Set();  // images, style sheets, frames that are on their way: {label, settled}
const failures = [];         // of arrivals, reported by the step that waits for them

/// Runs a generator that yields whatever has to be waited for. Gives its result at once if no yielded value was a promise:
/// most frames of most pages take this way and cost no turn of the event loop.
function drive(steps, method = 'next', value = undefined) {
  for (;;) {
    const step = steps[method](value);
    if (step.done) return step.value;
    if (isPromise(step.value)) {
      return native.Promise.resolve(step.value).then((v) => drive(steps, 'next', v), (e) => drive(steps, 'throw', e));
    }
    method = 'next';
    value = step.value;
  }
}

/// Names a promise for pending(). `label` may be a function, asked when the user wants to know.
function waitFor(label, promise) {
  const wait = {label};
  waits.add(wait);
  return native.Promise.resolve(promise).finally(() => waits.delete(wait));
}

function arrive(label, promise) {
  const arrival = {label};
  arrivals.add(arrival);
  arrival.settled = promise.catch((error) => failures.push(error)).then(() => arrivals.delete(arrival));
}

function* waitForArrivals() {
  while (arrivals.size > 0) yield native.Promise.all([...arrivals].map((arrival) => arrival.settled));
  if (failures.length > 0) throw failures.splice(0)[0];
}

function describePending() {
  const labels = [...waits, ...arrivals].map(({label}) => (typeof label === 'function' ? label() : label));
  const shown = [...new Set(labels.filter(Boolean))];
  return shown.slice(0, 4).join(', ') + (shown.length > 4 ? ` and ${shown.length - 4} more` : '');
}

// A message to ourselves is the cheapest turn of the event loop (about 20 us): every microtask has run when it arrives.
const channel = new MessageChannel();
const turns = [];
channel.port1.onmessage = () => turns.shift()();
function settleMicrotasks() {
  return new native.Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });
}

/// One frame of the browser itself: dispatches animation events, delivers observers. Under begin-frame control the capture
/// side must keep frames coming while a promise of ours is open.
const nativeFrame = () => new native.Promise((resolve) => native.requestAnimationFrame(resolve));

function eventOnce(target, ...types) {
  return new native.Promise((resolve) => {
    for (const type of types) target.addEventListener(type, resolve, {once: true});
  });
}

const shortUrl = (url) => (url.length > 120 ? `${url.slice(0, 120)}...` : url);
const messageOf = (error) => (error instanceof Error || error?.message ? String(error.message) : String(error));

/// An Error that says what failed and keeps where it was thrown.
function failure(what, cause) {
  const error = new Error(`${what}: ${messageOf(cause)}`);
  if (typeof cause?.stack === 'string') error.stack = `Error: ${error.message}\n${cause.stack}`;
  return error;
}
