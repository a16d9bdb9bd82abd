// Frames of another origin get the same calls as those of this one, by messages. parent_calls.js is the other side. What is known
// of their documents is a list, linked by `next`, in the order in which they came. It is not a Map, because a page could replace
// the methods of Map and so get at the frames' runtimes.
let foreignFrames = null;
const toldForeign = new WeakSet();  // windows for which a warning said that their document has no runtime
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

/// The removed record keeps its `next`, so that a loop that is at it can go on.
function removeForeign(frame) {
  if (foreignFrames === frame) foreignFrames = frame.next;
  for (let other = foreignFrames; other !== null; other = other.next) if (other.next === frame) other.next = frame.next;
}

const filmTime = () => ({nowMs: absoluteNow() + shiftMs(), frameMs: absoluteFrameTime() + shiftMs(), frame: presentFrame()});
const isAdopted = () => parent === null || parent.isAdopted();

/// When a frame was sent to its document, from which its clock counts, and the frame number before its first step. The number is
/// chosen as in frames of the same origin (contract_virtual_clock.js). It is null while this page has made no step itself, and is
/// then found later (adoptionOf).
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
// The frame cannot give a reason: this message achieves no more than it could by beginning a view transition.
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

/// Asks a frame whether its document is still there. A turn of the event loop comes after all messages under way: the first turn
/// after the question was received, the second after the answer was. So a frame that can answer has done so after two turns.
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

/// Calls a method of a frame's runtime. It also ends if the document goes away meanwhile, with its element or for another
/// document, and so never answers.
async function callForeign(frame, method, value) {
  const id = ++lastCall;
  const answered = new native.Promise((resolve, reject) => frame.calls.set(id, {resolve, reject}));
  postToFrame(frame.window, 'call', {id, method, value, adoption: adoptionOf(frame)});
  while (!(await pauseUnless(answered, foreignTurnMs))) {
    if (!(await isStillThere(frame))) forgetForeign(frame);
  }
  return answered;
}

/// An object with the interface of a same-origin frame's runtime, whose calls are messages.
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

/// Describes an element for people, so that one of several alike can be found: `<iframe id="b">, number 2`.
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
  // frameElements has those in shadow roots, too, but learns of elements later.
  const elements = [...document.querySelectorAll('iframe, frame'), ...frameElements];
  const element = elements.find((frame) => frame.contentWindow === childWindow);
  warnOnce(`frame ${shortUrl(url)} (${placeOf(element)}): it is of another origin and has no page whose scripts run (sandbox), so ` +
           'it does not follow the film: animations in it stand still, media run by the browser\'s own clock');
}

/// Asks the documents of windows of other origins that have not said hello yet. A warning names those that do not answer.
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

/// The browser draws a frame that came into view one native frame later (Blink, LocalFrameView::CanThrottleRendering). So two
/// native frames are awaited before the picture.
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

/// Tells frames of other origins the time whenever it moves, so that they handle messages of the page at the time at which these
/// were sent.
afterMove = () => {
  for (let frame = foreignFrames; frame !== null; frame = frame.next) {
    if (frame.window.closed) forgetForeign(frame);
    else postToFrame(frame.window, 'time', {time: filmTime()});
  }
};
