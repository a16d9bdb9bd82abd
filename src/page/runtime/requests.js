// Requests: the answer to a request belongs to the moment at which the page asked. Time stands still until the answer is there
// and the page has acted on it, as in Chromium's virtual time (Emulation.setVirtualTimePolicy, pauseIfNetworkFetchesPending).
const requests = new Set();   // {key, label, alwaysEnds, settled: promise}
const givenUp = new Set();    // keys that are not waited for again: a page that polls would otherwise cost the limit each time
let rounds = 0;  // of waiting, since the last frame began, or since the document did

/// The composition's own files (CompositionServer::host) may come from another machine, over a slow line and after big files.
/// Their server always answers, so only the time limits of the load and of the frame hold for them.
const isOwnFile = (url) => url.startsWith('http://composition.localhost/');

/// `promise` may be rejected: that is for the page to handle.
function followRequest(url, promise) {
  const key = url.replace(/[?#].*$/s, '');
  if (givenUp.has(key)) return;
  const request = {key, label: `request ${shortUrl(url)}`};
  const settle = () => requests.delete(request);
  requests.add(request);
  request.settled = promise.then(settle, settle);
}

/// `promise` may be rejected: that is for the page to handle.
function followOperation(name, promise) {
  if (givenUp.has(name)) return;
  const operation = {key: name, label: name, alwaysEnds: endsForSure.test(name)};
  const settle = () => requests.delete(operation);
  requests.add(operation);
  operation.settled = native.Promise.resolve(promise).then(settle, settle);
}

function giveUp(request, reason) {
  requests.delete(request);
  if (givenUp.has(request.key)) return;
  givenUp.add(request.key);
  warnOnce(`${request.label} ${reason} and is not waited for any longer: its answer may come at another frame in each render`);
}

function inTime(request) {
  if (isOwnFile(request.key) || request.alwaysEnds) return request.settled;
  let timer;
  const reason = `has not been answered for ${requestLimitMs / 1000} s`;
  const limit = new native.Promise((resolve) => {
    timer = native.setTimeout(() => resolve(giveUp(request, reason)), requestLimitMs);
  });
  return native.Promise.race([request.settled, limit]).finally(() => native.clearTimeout(timer));
}

/// Waits for all requests in flight and for those that their answers cause. True if there were any.
function* waitForRequests() {
  let wereAny = false;
  for (; requests.size > 0 && rounds < roundLimit; rounds += 1) {
    wereAny = true;
    yield native.Promise.all([...requests].map((request) => waitFor(request.label, inTime(request))));
    yield settleMicrotasks();  // the page's own callbacks, which may read the body or ask for more
  }
  for (const request of requests) giveUp(request, `is one of more than ${roundLimit} in one frame that answers led to`);
  return wereAny;
}

const {XMLHttpRequest, fetch: fetchNatively} = globalThis;
const absoluteUrl = (text) => URL.parse(text, document.baseURI)?.href ?? text;

replaceMethod(globalThis, 'fetch', function fetch(...values) {
  const answer = Reflect.apply(fetchNatively, globalThis, values);
  followRequest(absoluteUrl(String(values[0]?.url ?? values[0])), answer);
  return answer;
});

for (const name of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']) {
  const read = Response.prototype[name];
  if (read === undefined) continue;  // `bytes` came with Chromium 132
  replaceMethod(Response.prototype, name, function () {
    const body = read.call(this);
    followRequest(this.url || 'of a Response made by the page', body);
    return body;
  });
}

const xhrUrls = new WeakMap();
const {open: openXhr, send: sendXhr} = XMLHttpRequest.prototype;
replaceMethod(XMLHttpRequest.prototype, 'open', function open(...values) {
  Reflect.apply(openXhr, this, values);
  xhrUrls.set(this, absoluteUrl(String(values[1])));
});
replaceMethod(XMLHttpRequest.prototype, 'send', function send(...values) {
  const ended = eventOnce(this, 'loadend');
  Reflect.apply(sendXhr, this, values);
  const isUnderWay = this.readyState === XMLHttpRequest.OPENED;  // not synchronous, not aborted by a `loadstart` handler
  if (isUnderWay) followRequest(xhrUrls.get(this), ended);
});
