// Requests of a worker: its step is not over before their answers are there.
const requests = new Set();  // {alwaysEnds, settled: promise}
let asksWithoutEnd = false;

function hold(promise, alwaysEnds = false) {
  if (asksWithoutEnd) return promise;
  const request = {alwaysEnds};
  request.settled = promise.then(() => {}, () => {}).then(() => requests.delete(request));
  requests.add(request);
  return promise;
}

function giveUpRequests() {
  const late = [...requests].filter(({alwaysEnds}) => !alwaysEnds);
  if (late.length === 0) return;
  for (const request of late) requests.delete(request);
  warnOnce(`what ${shortUrl(location.href)} asks for has not come for ${requestLimitMs / 1000} s and is not waited for any longer`);
}

function giveUpWorker() {
  asksWithoutEnd = true;
  requests.clear();
  warnOnce(`${shortUrl(location.href)} asks without end and is not waited for any longer: its answers come at another frame in each render`);
}

/// Waits for all requests and those that their answers lead to. True if there were any.
function* waitForRequests() {
  const wereAny = requests.size > 0;
  for (let round = 0; requests.size > 0; round += 1) {
    if (round === roundLimit) giveUpWorker();
    let timer;
    const limit = new native.Promise((resolve) => { timer = native.setTimeout(resolve, requestLimitMs); });
    const came = native.Promise.all([...requests].map(({settled}) => settled)).then(() => true);
    if ((yield native.Promise.race([came, limit])) === undefined) giveUpRequests();
    native.clearTimeout(timer);
    yield settleMicrotasks();
  }
  return wereAny;
}

const followOperation = (name, promise) => void hold(promise, endsForSure.test(name));  // for async_operations.js etc.

for (const [owner, names] of [[globalThis, ['fetch']],
                              [Response.prototype, ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']]]) {
  for (const name of names) {
    const method = owner[name];
    if (typeof method === 'function') replaceMethod(owner, name, function (...values) {
      return hold(Reflect.apply(method, this, values));
    });
  }
}
const {send: sendXhr} = XMLHttpRequest.prototype;
replaceMethod(XMLHttpRequest.prototype, 'send', function (...values) {
  const ended = eventOnce(this, 'loadend');
  Reflect.apply(sendXhr, this, values);
  if (this.readyState === XMLHttpRequest.OPENED) hold(ended);
});
function* moveTransitions() {}  // for timers.js; only documents have transitions
