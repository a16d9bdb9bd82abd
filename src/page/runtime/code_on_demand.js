// Code that the browser brings by itself, by import() or a script element, belongs to the frame that asked for it. No script can tell
// that it is under way: the capture side can. So a step pauses between what comes before its animation frames (timers above all) and
// these: its call answers that it pauses, and is gone on with when the code is there and has run. What it asks for then has the frame's
// animation frame as if it had been there before. Code that the animation frames ask for, or what follows from them, has the next one.
//
// Few pages do this and a pause costs a round trip, so a page runs without until the capture side sees such code: it then loads the
// page again and pauses from that step on.
let mayPause = false;
let passedPause = false;  // in this step
let tellPause = null;
let endPause = null;
let callUnderWay = null;
let lastPause = native.Promise.resolve();

/// The answer to a call, or that it pauses.
function answerOrPause() {
  const paused = new native.Promise((resolve) => (tellPause = () => resolve({isPaused: true, waitedFor: [...waitedFor]})));
  return native.Promise.race([callUnderWay, paused]);
}

/// For calls that make one step. `begin` gives a promise only if there is something to wait for.
function pausingIf(isCareful, begin) {
  mayPause = isCareful;
  passedPause = false;
  const answer = begin();
  if (!isPromise(answer)) mayPause = false;
  if (!mayPause) return answer;
  callUnderWay = native.Promise.resolve(answer).finally(() => (mayPause = false));
  return answerOrPause();
}

function goOn() {
  const end = endPause;
  const answer = answerOrPause();
  end();
  return answer;
}

const openPause = () => new native.Promise((resolve) => {
  endPause = resolve;
  tellPause();
});

/// Asked in the outermost frame; those inside it pause with it, one after the other.
function pause() {
  if (parent !== null) return parent.pause?.();
  passedPause = true;
  if (!mayPause) return undefined;
  return (lastPause = lastPause.then(openPause));
}

/// In a pause: the page acts on what came.
function* settleInPause(givenUp) {
  for (const name of givenUp) warnOfGivenUp(name);
  yield settleMicrotasks();
  yield* waitForRequests();
  yield* inChildren((runtime) => runtime.settleInPause?.([]));
  return {waitedFor: [...waitedFor]};
}
