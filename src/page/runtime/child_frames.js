// Frames inside this document run this script, too, and their clocks follow this one: those of the same origin by calls, the
// others by messages (frame_steps.js).
const frameElements = new Set();  // <iframe>s that were seen in the document and its shadow roots
const comingFrames = new Map();   // those of them that are loading a document -> since when
const childTurnMs = 20;  // of real time, after which it is checked whether a frame that has not answered is still there

/// The windows inside this document, linked by `next`. Methods of arrays and maps and iterators are not used, because a page can
/// replace them: it could then get at a runtime, or put an object of its own in a window's place and be told the key. Frames that
/// are loading are left out: touching the window of an initial empty document would give it a runtime, which the next document
/// would inherit. Frames in shadow roots are found by their elements only, <object>s by `window` only.
function childWindows() {
  let first = null;
  let last = null;
  const add = (childWindow, destination) => {  // `destination`: the URL it was sent to
    for (let known = first; known !== null; known = known.next) if (known.window === childWindow) return;
    const place = {window: childWindow, destination, next: null};
    if (last === null) first = place;
    else last.next = place;
    last = place;
  };
  for (const element of frameElements) {
    if (element.isConnected && !comingFrames.has(element)) add(windowOf(element), destinationOf(element));
  }
  for (let index = 0; comingFrames.size === 0 && index < native.frameCount(); index += 1) add(window[index], '');
  return first;
}

/// The runtime in a window; undefined if the window is of another origin.
function runtimeIn(childWindow) {
  try {
    return runtimeOfWindow(childWindow);
  } catch {
    return undefined;
  }
}

function runtimeOf(childWindow) {
  const runtime = runtimeIn(childWindow);
  if (runtime !== undefined) return runtime;
  const frame = foreignIn(childWindow);
  return frame === null ? null : runtimeOfForeign(frame);
}

/// The frames that have a runtime, linked by `next`. The document is kept to tell later whether it is still there (isThere): a
/// window goes away with its element. It gets another document, with another or the same runtime (documents.js), when it
/// navigates.
function children() {
  const before = {next: null};
  let last = before;
  for (let place = childWindows(); place !== null; place = place.next) {
    const runtime = runtimeOf(place.window);
    if (runtime === null) continue;
    last.next = {window: place.window, runtime, document: documentOf(place.window), next: null};
    last = last.next;
  }
  return before.next;
}

/// Calls `act` for each frame's runtime, for calls that return at once.
function forEachChildRuntime(act) {
  for (let child = children(); child !== null; child = child.next) act(child.runtime);
}

/// The document in a window; null if it is of another origin.
function documentOf(childWindow) {
  try {
    return childWindow.document;
  } catch {
    return null;
  }
}

const isThere = ({window: childWindow, document: known}) => !childWindow.closed && documentOf(childWindow) === known;

/// Waits for a frame's answer or for the end of its document: promises of a document that has gone stay pending for ever (HTML,
/// HostEnqueuePromiseJob).
async function untilGone(child, answered) {
  while (!(await pauseUnless(answered, childTurnMs))) if (!isThere(child)) return undefined;
  return answered;
}

/// Makes a call to a frame's runtime and waits for it while the frame's document is there. For frames of other origins
/// callForeign() checks that itself (frame_steps.js).
function* inChild(child, call) {
  if (!isThere(child)) return;
  const result = call(child.runtime);
  if (child.document === null || !isPromise(result)) yield result;
  else yield waitFor(`frame ${shortUrl(child.document.URL)}`, untilGone(child, native.Promise.resolve(result)));
}

function* inChildren(call) {
  for (let child = children(); child !== null; child = child.next) yield* inChild(child, call);
}

/// When the frame in a window was sent to its document: if it is loading, that was before now.
function birthOf(childWindow) {
  for (const [element, birth] of comingFrames) if (windowOf(element) === childWindow) return birth;
  return birthNow();
}

/// The URL to which the attributes of an <iframe> send it; empty if there is none.
function destinationOf(element) {
  if (element.hasAttribute('srcdoc')) return 'about:srcdoc';
  return element.getAttribute('src')?.trim() ? element.src : '';
}

/// True if an <iframe> keeps the initial empty document, which is there at once, as is its load event.
const isMadeWith = (destination) => /^(|about:blank([?#].*)?|javascript:.*)$/si.test(destination);

const destinations = new WeakMap();  // <iframe> -> destinationOf() when it was last looked at
const frameLoads = new WeakMap();    // <iframe> -> destinationOf() when its last load event came, or when none was to come

/// Notes load events of <iframe>s. They do not bubble, so the listener is a capturing one; they do not leave shadow roots, so
/// each root has it.
function noteFrameLoad({target}) {
  if (target instanceof HTMLIFrameElement) frameLoads.set(target, destinationOf(target));
}
const watchFrameLoads = (root) => Reflect.apply(listen, root, ['load', noteFrameLoad, {capture: true}]);
forEachDocument(() => watchFrameLoads(document));

const isComing = (element) => element.isConnected && frameLoads.get(element) !== destinationOf(element);
const isComingTo = (element, destination) => isComing(element) && destinationOf(element) === destination;

/// A frame that comes in while stepping is waited for like an image; the page's load event waits for earlier ones.
function learnFrameElement(element) {
  for (const known of frameElements) if (!known.isConnected) frameElements.delete(known);
  frameElements.add(element);
  const destination = destinationOf(element);
  if (destinations.get(element) === destination) return;
  destinations.set(element, destination);
  if (clock.frame < 0 || isMadeWith(destination) || !isComing(element)) return;
  noteClosedRoots('srcdoc', element.getAttribute('srcdoc') ?? '');
  noteWaitedFor(destination);
  comingFrames.set(element, birthNow());
  const come = () => isComing(element) || comingFrames.delete(element);
  arrive(`frame ${shortUrl(destination)}`, untilLoaded(element, destination).finally(come));
}

/// Waits for the load event of an <iframe> that is sent to `destination`. One that is removed from the document meanwhile has none,
/// so it also polls; one that is sent elsewhere has another wait.
async function untilLoaded(element, destination) {
  const load = eventOnce(element, 'load');
  await native.Promise.race([load, nativePause(20)]);
  if (isComingTo(element, destination)) endUnlessLoading(element, destination);
  while (isComingTo(element, destination)) await native.Promise.race([load, nativePause(20)]);
}

// Chromium sends no load event if it loads nothing: what comes has no content or is a download, the address is none of a page's
// (mailto:) or not allowed (file:, the page's own), only the fragment is another. No script can tell, so the capture side is asked.
const frameQuestions = new Map();  // number -> what to call when no frame is loading
let lastQuestion = 0;

function untilNoFrameLoads() {
  return new native.Promise((resolve) => {
    frameQuestions.set(String(++lastQuestion), resolve);
    askCapture(String(lastQuestion));
  });
}

function endQuestion(number) {
  frameQuestions.get(number)?.();
  frameQuestions.delete(number);
}

const withoutFragment = (url) => url?.replace(/#.*$/s, '');

async function endUnlessLoading(element, destination) {
  await untilNoFrameLoads();
  await settleMicrotasks();
  if (!isComingTo(element, destination)) return;
  if (withoutFragment(destination) !== withoutFragment(frameLoads.get(element))) {
    warnOnce(`frame ${shortUrl(destination)} shows nothing of this address, because the browser loads no page from it (a download, an ` +
             "answer without content, an address that is no page's)");
  }
  frameLoads.set(element, destination);
}

/// Brings new frames to the page's current frame. Layout is forced first: before the element has a layout, the document in it has
/// no styles.
function* catchUpChildren() {
  const windows = childWindows();
  if (windows === null) return;
  const foreign = [];
  for (let place = windows; place !== null; place = place.next) {
    if (runtimeIn(place.window) === undefined) foreign.push([place.window, place.destination]);
  }
  yield* meetForeign(foreign);
  let isLaidOut = false;
  for (let child = children(); child !== null; child = child.next) {
    if (child.runtime.isReady() && (clock.frame < 0 || child.runtime.isAt(clock.frame))) continue;
    if (!isLaidOut) forceLayout();
    isLaidOut = true;
    yield* readyChild(child);
    yield* learnOwnTrees();  // those of a frame whose scripts are switched off
    if (clock.frame >= 0 && !child.runtime.isAt(clock.frame)) yield* inChild(child, (runtime) => runtime.seek(clock.frame));
  }
}

function* readyChild(child) {
  if (!child.runtime.isReady()) yield* inChild(child, (runtime) => runtime.ready());
}

/// Lets workers handle messages that frames sent one another after their own steps, so that these belong to this frame.
function* hearLateMessages() {
  let rounds = 0;  // the same limit as for a page and its workers (exchangeWithWorkers)
  for (; rounds < 100 && hasPosted(); rounds += 1) yield* hearWorkersBelow();
  if (rounds === 100) warnOnce('frames and workers exchange messages without end: the rest comes with the next frame');
}

function hasPosted() {
  let any = [...workers.values()].some(({posted}) => posted) || arePortsUnheard();
  forEachChildRuntime((runtime) => { any ||= runtime.hasPosted?.() ?? false; });
  return any;
}

function* hearWorkersBelow() {
  yield* stepWorkers(false);
  yield* inChildren((runtime) => runtime.hearWorkers?.());
}

function* seekChildren(frame) {
  for (let child = children(); child !== null; child = child.next) {
    yield* readyChild(child);
    yield* inChild(child, (runtime) => runtime.seek(frame));
  }
  if (foreignFrames !== null) yield settleMicrotasks();  // for the messages that they sent to this window, and their effects
}
