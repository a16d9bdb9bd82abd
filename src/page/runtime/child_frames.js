// Frames of the same origin run this script too, and their clock follows the parent's. So does that of the others, by messages.
const frameElements = new Set();  // <iframe>s that were seen in the document and its shadow roots
const comingFrames = new Map();   // those of them that are on their way to a document -> since when
const childTurnMs = 20;  // of real time, after which a frame that has not answered is looked at: is it still there?

/// By `next`: what a page can replace (methods of arrays and maps, iterators) must come upon no runtime, and must put nothing of the
/// page's in a window's place, which would be told the key. Not frames that are on their way: to touch the window of the document
/// that they are made with would give it a runtime, which the next document would get. Those in shadow roots are not in `window`;
/// <object>s are only there.
function childWindows() {
  let first = null;
  let last = null;
  const add = (childWindow, destination) => {  // `destination`: where it was sent
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

/// Undefined for those of other origins.
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

/// By `next`, with what tells whether it is still there: a window goes with its element, and gets another document, with another
/// runtime or with the same (documents.js), when it is sent elsewhere.
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

/// What costs nothing but to ask: no steps.
function forEachChildRuntime(act) {
  for (let child = children(); child !== null; child = child.next) act(child.runtime);
}

/// Null for those of other origins.
function documentOf(childWindow) {
  try {
    return childWindow.document;
  } catch {
    return null;
  }
}

const isThere = ({window: childWindow, document: known}) => !childWindow.closed && documentOf(childWindow) === known;

/// A document that has gone calls nothing back any more (HTML, HostEnqueuePromiseJob), and its promises stay open for ever.
async function untilGone(child, answered) {
  while (!(await pauseUnless(answered, childTurnMs))) if (!isThere(child)) return undefined;
  return answered;
}

/// `call` of its runtime, for as long as it is there. Frames of other origins see to that by themselves (frame_steps.js).
function* inChild(child, call) {
  if (!isThere(child)) return;
  const result = call(child.runtime);
  if (child.document === null || !isPromise(result)) yield result;
  else yield waitFor(`frame ${shortUrl(child.document.URL)}`, untilGone(child, native.Promise.resolve(result)));
}

function* inChildren(call) {
  for (let child = children(); child !== null; child = child.next) yield* inChild(child, call);
}

/// Since when the document in a window has been there: its element may have come in before it.
function birthOf(childWindow) {
  for (const [element, birth] of comingFrames) if (windowOf(element) === childWindow) return birth;
  return birthNow();
}

/// What an <iframe> is sent to by its attributes.
function destinationOf(element) {
  if (element.hasAttribute('srcdoc')) return 'about:srcdoc';
  return element.getAttribute('src')?.trim() ? element.src : '';
}

/// The document that an <iframe> is made with is there at once, and its load event comes at once.
const isMadeWith = (destination) => /^(|about:blank([?#].*)?|javascript:.*)$/si.test(destination);

const destinations = new WeakMap();  // <iframe> -> where it was last seen to be sent
const frameLoads = new WeakMap();    // <iframe> -> where it was sent when its last load event came

/// Registered before the page can. Load events do not bubble, but they can be caught on their way; not out of shadow roots.
function noteFrameLoad({target}) {
  if (target instanceof HTMLIFrameElement) frameLoads.set(target, destinationOf(target));
}
const watchFrameLoads = (root) => Reflect.apply(listen, root, ['load', noteFrameLoad, {capture: true}]);
forEachDocument(() => watchFrameLoads(document));

const isComing = (element) => element.isConnected && frameLoads.get(element) !== destinationOf(element);

/// A frame that comes in while stepping is waited for like an image; those before it belong to the page's load event.
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
  arrive(`frame ${shortUrl(destination)}`, untilLoaded(element).finally(() => comingFrames.delete(element)));
}

/// One that goes from the document meanwhile has no load event.
async function untilLoaded(element) {
  const load = eventOnce(element, 'load');
  while (isComing(element)) await native.Promise.race([load, nativePause(20)]);
}

/// Frames that came in are brought to the frame that the page is at. They have no styles before their place has a layout.
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
    if (clock.frame >= 0 && !child.runtime.isAt(clock.frame)) yield* inChild(child, (runtime) => runtime.seek(clock.frame));
  }
}

function* readyChild(child) {
  if (!child.runtime.isReady()) yield* inChild(child, (runtime) => runtime.ready());
}

/// What frames tell one another after their own steps goes on to their workers, and is heard in this frame.
function* hearLateMessages() {
  let rounds = 0;  // as of a page and its workers (stepWorkers)
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
  if (foreignFrames !== null) yield settleMicrotasks();  // messages that they sent to this one, and what comes of those
}
