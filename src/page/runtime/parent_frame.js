// The parent frame. If it is of another origin, its runtime cannot be called. It tells the film's time with each of its
// messages (frame_steps.js); until the first, this frame counts from 0.
const parentWindow = window.parent;

/// A frame whose scripts are switched off (`sandbox`) runs this injected script all the same, but nothing calls it back: no
/// event, timer or task.
function areScriptsRun() {
  let isCalled = false;
  const target = new EventTarget();
  listen.call(target, 'message', () => (isCalled = true));
  target.dispatchEvent(new Event('message'));
  return isCalled;
}

function reachableParent() {
  try {
    return runtimeOfWindow(parentWindow);
  } catch {
    return null;
  }
}

const toldTime = {nowMs: 0, frameMs: 0, frame: -1};  // the film's time, as the last message told it
const adoption = {isDone: false, shiftMs: 0, dateShiftMs: 0, toldDate: false};
const frameRequests = [];  // called, in order, when the parent has had its native frames
let endForeignPause = () => {};
const strangersMet = [];    // called, in order, when the capture side has made trees known (own_trees.js)

/// Stands in for the runtime of a parent of another origin: answers from what the parent has told by messages.
const parentByMessages = {
  now: () => (adoption.isDone ? toldTime.nowMs - adoption.shiftMs : 0),
  frameTime: () => (adoption.isDone ? toldTime.frameMs - adoption.shiftMs : 0),
  frame: () => toldTime.frame,
  shiftMs: () => adoption.shiftMs,
  dateShiftMs() {
    adoption.toldDate ||= !adoption.isDone;
    return adoption.dateShiftMs;
  },
  isAdopted: () => adoption.isDone,
  noteSurface: () => postToFrame(parentWindow, 'surface'),
  noteStrayPorts: () => postToFrame(parentWindow, 'stray ports'),
  loseScreen: () => postToFrame(parentWindow, 'lost screen'),
  pause: () => new native.Promise((resolve) => {
    endForeignPause = resolve;
    postToFrame(parentWindow, 'pause');
  }),
  meetStrangers: () => new native.Promise((resolve) => {
    strangersMet.push(resolve);
    postToFrame(parentWindow, 'strangers');
  }),
  /// Waits for two native frames of the parent. This frame has then had its own, unless the browser does not render it
  /// (Blink, LocalFrameView::CanThrottleRendering: of another origin and out of view).
  twoFrames: () => new native.Promise((resolve) => {
    frameRequests.push(resolve);
    postToFrame(parentWindow, 'two frames');
  }),
};

const runsScripts = areScriptsRun();
const isOutermost = window === parentWindow;
const parent = isOutermost ? null : (reachableParent() ?? parentByMessages);
const documentId = native.random();

/// Tells the parent that this document is there: once at the start, and whenever it asks.
function sayHello() {
  postToFrame(parentWindow, 'hello', {documentId, runsScripts, url: location.href});
}

if (parent === parentByMessages) {
  sayHello();
  if (!runsScripts) return;
  frameMessages.ask = (message, source) => source === parentWindow && sayHello();
  frameMessages['pause ended'] = (message, source) => source === parentWindow && endForeignPause();
  frameMessages['strangers met'] = (message, source) => source === parentWindow && strangersMet.shift()?.();
  frameMessages['two frames passed'] = (message, source) => source === parentWindow && frameRequests.shift()?.();
}
