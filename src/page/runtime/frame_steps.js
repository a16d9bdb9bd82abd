// Frames of another origin: the same calls as to those of this one, by messages. On the other side: parent_calls.js.
// What is known of the documents in their windows, by `next`, the first to come first. Not a Map: a page could replace its methods,
// and these have the frames' runtimes.
let foreignFrames = null;
const toldForeign = new WeakSet();  // windows whose document has no runtime, which was told
const foreignTurnMs = 100;  // of real time, after which a frame that has not answered is asked whether it is still there
let lastCall = 0;

function foreignIn(childWindow) {
  let frame = foreignFrames;
  while (frame !== null && frame.window !== childWindow) frame = frame.next;
  return frame;
}

function addForeign(frame) {
  let last = foreignFrames;
  while (last !== null && last.next !== null) last = last.next;
  if (last === null) foreignFrames = frame;
  else last.next = frame;
}

/// Who is at it goes on from it by its `next`.
function removeForeign(frame) {
  if (foreignFrames === frame) foreignFrames = frame.next;
  for (let other = foreignFrames; other !== null; other = other.next) if (other.next === frame) other.next = frame.next;
}

const filmTime = () => ({nowMs: absoluteNow() + shiftMs(), frameMs: absoluteFrameTime() + shiftMs(), frame: presentFrame()});
const isAdopted = () => parent === null || parent.isAdopted();

/// What a frame counts from: when it was sent to its document. The frame before its first step is as for those of the same origin
/// (contract_virtual_clock.js), and is learnt with the time if the page around is not told either.
function birthNow() {
  const atMs = absoluteNow();
  return {atMs, before: clock.frame < 0 ? null : frameBefore(atMs)};
}

function frameBefore(atMs) {
  const frame = presentFrame();
  return atMs > timeOfFrame(frame) ? frame : Math.max(frame - 1, -1);
}

const adoptionOf = ({birth: {atMs, before}}) => (
  {shiftMs: atMs + shiftMs(), before: before ?? frameBefore(atMs), time: filmTime()});

function endCalls(frame) {
  for (const {resolve} of frame.calls.values()) resolve();
  frame.calls.clear();
}

function forgetForeign(frame) {
  removeForeign(frame);
  endCalls(frame);
}

function learnForeign(source, {documentId: id, runsScripts: isAlive, url}) {
  const known = foreignIn(source);
  if (known?.documentId === id) return void (known.isHeard = true);
  if (known !== null) forgetForeign(known);
  if (!isAlive) return warnOfForeign(source, url);
  const frame = {window: source, documentId: id, url, birth: birthOf(source), calls: new Map(), waitedFor: [], isReady: false,
                 at: -1, view: 0, isHeard: true, next: null};
  addForeign(frame);
  if (isAdopted()) postToFrame(source, 'adopt', {adoption: adoptionOf(frame)});
}

frameMessages.hello = (message, source) => {
  if (source?.parent === window) learnForeign(source, message);
};
frameMessages.done = ({id, error, isReady, at, waitedFor: urls}, source) => {
  const frame = foreignIn(source);
  const call = frame?.calls.get(id);
  if (call === undefined) return;
  frame.calls.delete(id);
  for (let i = 0; i < urls.length; i += 1) frame.waitedFor[frame.waitedFor.length] = urls[i];
  frame.isReady = isReady;  // not by Object.assign, which a page can replace
  frame.at = at;
  if (error === undefined) call.resolve();
  else call.reject(new Error(error));
};
frameMessages.surface = (message, source) => foreignIn(source) !== null && noteSurface();
frameMessages['stray ports'] = (message, source) => foreignIn(source) !== null && noteStray();
// Not with a reason of its own: it can say no more than it could do by beginning a view transition.
frameMessages['lost screen'] = (message, source) => config.losesScreen && foreignIn(source) !== null && loseScreen();
frameMessages['two frames'] = async (message, source) => {
  await nativeFrame();
  await nativeFrame();
  postToFrame(source, 'two frames passed');
};

frameMessages.pause = async (message, source) => {
  if (foreignIn(source) !== null) await pause();
  postToFrame(source, 'pause ended');
};

/// A turn of the event loop comes after the messages that are under way, and theirs: two, and whoever can answer has.
async function isStillThere(frame) {
  if (frame.window.closed || foreignIn(frame.window) !== frame) return false;
  frame.isHeard = false;
  postToFrame(frame.window, 'ask');
  await settleMicrotasks();
  await settleMicrotasks();
  return frame.isHeard;
}

function pauseUnless(answered, ms) {
  let timer;
  const pause = new native.Promise((resolve) => {
    timer = native.setTimeout(() => resolve(false), ms);
  });
  const answer = answered.then(() => true, () => true);
  return native.Promise.race([answer, pause]).finally(() => native.clearTimeout(timer));
}

/// A document that goes meanwhile, be it with its element or for another one, does not answer.
async function callForeign(frame, method, value) {
  const id = ++lastCall;
  const answered = new native.Promise((resolve, reject) => frame.calls.set(id, {resolve, reject}));
  postToFrame(frame.window, 'call', {id, method, value, adoption: adoptionOf(frame)});
  while (!(await pauseUnless(answered, foreignTurnMs))) {
    if (!(await isStillThere(frame))) forgetForeign(frame);
  }
  return answered;
}

/// As the runtime of a frame of the same origin.
function runtimeOfForeign(frame) {
  const call = (method, value) => waitFor(`frame ${shortUrl(frame.url)}`, callForeign(frame, method, value));
  return (frame.runtime ??= {
    ready: () => call('ready'),
    seek: (number) => call('seek', number),
    settle: () => call('settle'),
    settleInPause: () => call('settleInPause'),
    present: () => call('present'),
    layOut: () => call('layOut'),
    isReady: () => frame.isReady,
    isAt: (number) => frame.at === number,
    waitedFor: () => frame.waitedFor.splice(0),
  });
}

/// For people, so that one of several alike can be found: `<iframe id="b">, number 2`.
function placeOf(element) {
  if (!element) return 'an <object>';
  const name = ['id', 'name', 'title', 'class'].find((attribute) => element.getAttribute(attribute));
  const said = name === undefined ? '' : ` ${name}="${shortUrl(element.getAttribute(name))}"`;
  const all = [...element.getRootNode().querySelectorAll(element.localName)];
  return `<${element.localName}${said}>, number ${all.indexOf(element) + 1}`;
}

function warnOfForeign(childWindow, url) {
  if (toldForeign.has(childWindow)) return;
  toldForeign.add(childWindow);
  const elements = [...document.querySelectorAll('iframe, frame'), ...frameElements];  // those in shadow roots are learnt later
  const element = elements.find((frame) => frame.contentWindow === childWindow);
  warnOnce(`frame ${shortUrl(url)} (${placeOf(element)}): it is of another origin and has no page whose scripts run (sandbox), so ` +
           'it does not follow the film: animations in it stand still, media run by the browser\'s own clock');
}

/// Windows of other origins whose document has not said that it is there: it is asked once, and if it does not answer, told.
function* meetForeign(windows) {
  const strangers = windows.filter(([childWindow]) => foreignIn(childWindow) === null && !toldForeign.has(childWindow));
  if (strangers.length === 0) return;
  for (const [childWindow] of strangers) postToFrame(childWindow, 'ask');
  yield settleMicrotasks();
  yield settleMicrotasks();
  for (const [childWindow, destination] of strangers) {
    if (foreignIn(childWindow) === null && !childWindow.closed) warnOfForeign(childWindow, destination);
  }
}

/// The browser draws a frame that came into view one of its own frames later (Blink, LocalFrameView::CanThrottleRendering): two
/// have it drawn before the picture.
function* showForeign() {
  let cameIntoView = false;
  for (const element of foreignFrames !== null ? frameElements : []) {
    const frame = element.isConnected ? foreignIn(windowOf(element)) : null;
    if (frame === null) continue;
    const view = viewOf({media: element});
    cameIntoView ||= (view & ~frame.view) !== 0;
    frame.view = view;
  }
  for (let frames = 0; cameIntoView && frames < 2; frames += 1) yield waitFor('an animation frame', nativeFrame());
}

/// Messages of the page's are handled at the time at which they were sent.
afterMove = () => {
  for (let frame = foreignFrames; frame !== null; frame = frame.next) {
    if (frame.window.closed) forgetForeign(frame);
    else postToFrame(frame.window, 'time', {time: filmTime()});
  }
};
