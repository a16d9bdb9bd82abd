// Waiting: what a step waits for, what the page still loads, and how both are told to the user.
const waits = new Set();     // what ready() or seek() is held up by: {label}
const arrivals = new Set();  // images, style sheets, frames that are on their way: {label, settled}
const failures = [];         // of arrivals, reported by the step that waits for them

const {requestLimitMs} = config;  // of real time, for the headers and again for the body (UnderWay)
// Answers that lead to requests are waited for in rounds: a hundred documents read one after the other, headers and body,
// take this many. At 100 ms an answer a page that never stops asking still gets its frame within the 30 s that it has.
const roundLimit = 200;

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

/// What may take longer than an answer of a server, and has the time limit of the frame. Chromium encodes pictures in idle time, of
/// which a busy machine has none; it does without after 11 s (CanvasAsyncBlobCreator). A coder may have been given a whole film.
const endsForSure = /^(HTMLCanvasElement\.toBlob|OffscreenCanvas\.convertToBlob|(Audio|Video)(De|En)coder\.\w+)\(\)$/;

/// URLs that were waited for in the steps since the capture side last asked. It knows what the browser was asked for
/// (UnderWay::went_on).
const waitedFor = new Set();
const noteWaitedFor = (url) => waitedFor.add(url.replace(/#.*$/s, ''));

function* waitForArrivals() {
  while (arrivals.size > 0) yield native.Promise.all([...arrivals].map((arrival) => arrival.settled));
  if (failures.length > 0) throw failures.splice(0)[0];
}

function describePending() {
  const labels = [...waits, ...arrivals].map(({label}) => (typeof label === 'function' ? label() : label));
  const shown = [...new Set(labels.filter(Boolean))];
  return shown.slice(0, 4).join(', ') + (shown.length > 4 ? ` and ${shown.length - 4} more` : '');
}

// A turn of the event loop in which everything runs that the page has made ready to run: microtasks, messages to itself, the
// parsing of a document in hand, scripts it has at hand. A task of the lowest priority comes last of all tasks of the thread
// (scheduler.postTask), and is no dearer than a message to ourselves, about 10 us.
const firstLookMs = 50;  // of real time, at whether it has come; then every 4 ms, which a busy machine lets it use
const mostLooks = 50;
let neverRests = false;

function settleMicrotasks() {
  if (neverRests) return messageTurn();
  return new native.Promise((resolve) => {
    let looks = 0;
    let timer = native.setTimeout(look, firstLookMs);
    function look() {
      looks += 1;
      if (looks < mostLooks) timer = native.setTimeout(look, 4);
      else resolve(tellThatPageNeverRests());
    }
    native.postTask(() => resolve(native.clearTimeout(timer)), {priority: 'background'});
  });
}

function tellThatPageNeverRests() {
  neverRests = true;
  warnOnce('the page keeps sending messages to itself without end: what it does in them happens at another frame in each render');
}

/// For a page that always has something ready to run: what was ready before.
const channel = new MessageChannel();
const turns = [];
channel.port1.onmessage = () => turns.shift()();
function messageTurn() {
  return new native.Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });
}

const nativePause = (ms) => new native.Promise((resolve) => native.setTimeout(resolve, ms));

/// One frame of the browser itself: dispatches animation events, delivers observers. Under begin-frame control the capture
/// side must keep frames coming while a promise of ours is open. One of another origin and out of view has none (parent_frame.js).
function nativeFrame() {
  const own = new native.Promise((resolve) => native.requestAnimationFrame(resolve));
  return parent?.twoFrames === undefined ? own : native.Promise.race([own, parent.twoFrames()]);
}

function eventOnce(target, ...types) {
  return new native.Promise((resolve) => {
    for (const type of types) Reflect.apply(listen, target, [type, resolve, {once: true}]);
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
