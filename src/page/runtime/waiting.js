// Waiting: what a step waits for, what the page still loads, and how both are described to the user.
const waits = new Set();     // what ready() or seek() waits for now: {label}
const arrivals = new Set();  // images, style sheets and frames that are loading: {label, settled}
const failures = [];         // errors of arrivals, thrown by the step that waits for them

const {requestLimitMs} = config;  // of real time, for the headers and again for the body (UnderWay)
// Requests and the requests that their answers lead to are waited for in rounds. A hundred documents read one after the other,
// each headers and body, take this many. If each answer takes 100 ms, a page that never stops asking still ends within a frame's
// 30 s.
const roundLimit = 200;

/// Runs a generator that yields whatever has to be waited for. If no yielded value was a promise, it returns the result directly:
/// this is so in most frames of most pages, which then cost no turn of the event loop.
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

/// Lists a promise under `label` in pending() until it settles. `label` may be a function, called when pending() is.
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

/// Operations that may take longer than a server's answer but always end: only the frame's time limit holds for them. Chromium
/// encodes pictures in idle time, which a busy machine does not have; after 11 s it encodes anyway (CanvasAsyncBlobCreator). A
/// coder may have been given a whole film.
const endsForSure = /^(HTMLCanvasElement\.toBlob|OffscreenCanvas\.convertToBlob|(Audio|Video)(De|En)coder\.\w+)\(\)$/;

/// URLs that were waited for in the steps since the capture side last asked. The capture side compares them with what the browser
/// requested (UnderWay::went_on).
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

// A turn of the event loop in which everything runs that the page has made ready to run: microtasks, its messages to itself, the
// parsing of a document that has arrived, scripts that are loaded. A task of the lowest priority (scheduler.postTask) runs after
// all other tasks of the thread, and costs no more than a message to ourselves, about 10 us.
const turnMs = 50;     // of real time, until the first check whether such tasks have run; then one every 4 ms
const mostLooks = 50;  // checks are counted, not timed: on a busy machine they come late, which leaves the page more time
const openTurns = new Set();  // {resolve, looks}
let looksAtTurns = false;
let neverRests = false;

function settleMicrotasks() {
  if (neverRests) return messageTurn();
  if (!looksAtTurns) lookAtTurnsIn(turnMs);  // one timer for many turns: setting and clearing one for each costs as much as a turn
  return new native.Promise((resolve) => {
    const turn = {resolve, looks: 0};
    openTurns.add(turn);
    native.postTask(() => {
      openTurns.delete(turn);
      resolve();
    }, {priority: 'background'});
  });
}

function lookAtTurnsIn(ms) {
  looksAtTurns = true;
  native.setTimeout(() => {
    for (const turn of openTurns) if (++turn.looks === mostLooks) turn.resolve(tellThatPageNeverRests());
    looksAtTurns = false;
    if (openTurns.size > 0) lookAtTurnsIn(4);
  }, ms);
}

function tellThatPageNeverRests() {
  neverRests = true;
  warnOnce('the page keeps sending messages to itself without end: what it does in them happens at another frame in each render');
}

/// For a page that always has something ready to run: a turn that comes after what is ready now.
const channel = new MessageChannel();
const turns = [];
channel.port1.onmessage = () => turns.shift()();
function messageTurn() {
  return new native.Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });
}

/// Lets all microtasks run that are due, and nothing else that the page has made ready: its tasks have lower priorities. A browser
/// does so after each callback and event, but not while a script of ours is running.
const runMicrotasks = () => new native.Promise((resolve) => native.postTask(resolve, {priority: 'user-blocking'}));

const nativePause = (ms) => new native.Promise((resolve) => native.setTimeout(resolve, ms));

/// One frame of the browser itself, in which it dispatches animation events and calls observers. Under begin-frame control the
/// capture side must keep frames coming while a promise of ours is open. An <iframe> of another origin that is out of view gets
/// no native frames, so it asks the page around it for two (parent_frame.js).
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
