// The frame around this one. If it is of another origin, its runtime cannot be asked; it tells the time with each of its
// messages (frame_steps.js), and this one begins to count from 0, not knowing yet what the film's time is.
const parentWindow = window.parent;

/// A frame without scripts (`sandbox`) has this one all the same, but is called back by nothing: no event, no timer, no task.
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

const toldTime = {nowMs: 0, frameMs: 0, frame: -1};  // of the film, by the last message
const adoption = {isDone: false, shiftMs: 0, dateShiftMs: 0, toldDate: false};
const frameRequests = [];  // what is to be called when the frame around has had its native frames
let endForeignPause = () => {};

/// What the runtime asks of the frame around, answered from what that told.
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
  /// Two of the browser's frames, in which this one has had its own unless the browser draws it for nobody (Blink,
  /// LocalFrameView::CanThrottleRendering: of another origin and out of view).
  twoFrames: () => new native.Promise((resolve) => {
    frameRequests.push(resolve);
    postToFrame(parentWindow, 'two frames');
  }),
};

const runsScripts = areScriptsRun();
const isOutermost = window === parentWindow;
const parent = isOutermost ? null : (reachableParent() ?? parentByMessages);
const documentId = native.random();

/// Once here, and whenever the frame around asks.
function sayHello() {
  postToFrame(parentWindow, 'hello', {documentId, runsScripts, url: location.href});
}

if (parent === parentByMessages) {
  sayHello();
  if (!runsScripts) return;
  frameMessages.ask = (message, source) => source === parentWindow && sayHello();
  frameMessages['pause ended'] = (message, source) => source === parentWindow && endForeignPause();
  frameMessages['two frames passed'] = (message, source) => source === parentWindow && frameRequests.shift()?.();
}
