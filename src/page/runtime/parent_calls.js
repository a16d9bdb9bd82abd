// What the frame around asks for, if it is of another origin (frame_steps.js).
let answering = native.Promise.resolve();

function noteTime({nowMs, frameMs, frame}) {
  Object.assign(toldTime, {nowMs, frameMs, frame});
}

/// What told the date before now, counting from the film's beginning, is not to see a jump.
function adopt({shiftMs: filmMs, before, time}) {
  noteTime(time);
  if (adoption.isDone) return;
  const isLate = filmMs > 0;
  Object.assign(adoption, {isDone: true, shiftMs: filmMs, dateShiftMs: adoption.toldDate ? 0 : filmMs});
  lastFrame = before;
  if (adoption.toldDate && isLate) {
    warnOnce(`frame ${shortUrl(location.href)}: it is of another origin, came in late and read the date while it loaded, before it ` +
             'could be told: its dates begin at that of frame 0');
  }
}

const parentCalls = {
  __proto__: null,
  ready: () => becomeReadyOnce(),
  seek: (frame) => start(seekTo(frame)),
  settle: () => start(settle([])),
  settleInPause: () => start(settleInPause([])),
  present: () => start(presentVideos()),
  layOut: () => layOut(),
};

async function answerParent({id, method, value}) {
  let error;
  try {
    await parentCalls[method](value);
  } catch (reason) {
    error = messageOf(reason);
  }
  const isReady = contract !== null && document === knownDocument;
  postToFrame(parentWindow, 'done', {id, error, isReady, at: clock.frame, waitedFor: takeWaitedFor()});
}

if (parent === parentByMessages) {
  const take = (kind, act) => {
    frameMessages[kind] = (message, source) => source === parentWindow && act(message);
  };
  take('time', ({time}) => noteTime(time));
  take('adopt', (message) => adopt(message.adoption));
  take('call', (message) => {
    adopt(message.adoption);
    if (message.method === 'settleInPause') return void answerParent(message);  // what pauses is the call before
    answering = answering.then(() => answerParent(message));
  });
}
