// Answers the calls of the parent frame, if it is of another origin and so calls by messages (frame_steps.js).
let answering = native.Promise.resolve();

function noteTime({nowMs, frameMs, frame}) {
  Object.assign(toldTime, {nowMs, frameMs, frame});
}

/// Takes over the film's time from the first message that tells it. If the page has read the date before, its dates counted from
/// the film's beginning and go on doing so, to avoid a jump.
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
    if (message.method === 'settleInPause') return void answerParent(message);  // not queued: the call before is paused
    answering = answering.then(() => answerParent(message));
  });
}
