// Code that the browser loads by itself, for import() or a script element, belongs to the frame that asked for it. Only the
// capture side can tell that it is loading; no script can. So a step pauses after its first half (timers above all), before its
// animation frames: its call answers that it is paused, and goOn() continues it when the code is there and has run. Animation
// frames that the code asks for thus run in the same step, as if it had been there before. Code that is asked for in or
// after the animation frames gets those of the next step.
//
// Few pages load code like this, and a pause costs a round trip. So a page is stepped without pauses until the capture side sees
// such code; it then loads the page again and pauses from that step on.
let mayPause = false;
let passedPause = false;  // in this step
let tellPause = null;
let endPause = null;
let callUnderWay = null;
let lastPause = native.Promise.resolve();

/// The answer to the call under way, or, if it pauses first, {pausesFor: what, waitedFor}.
function answerOrPause() {
  const paused = new native.Promise((resolve) => (tellPause = (what) => resolve({pausesFor: what, waitedFor: [...waitedFor]})));
  return native.Promise.race([callUnderWay, paused]);
}

/// Wraps a call that makes one step. `begin` starts it, and gives a promise only if there is something to wait for.
function pausingIf(isCareful, begin) {
  mayPause = isCareful;
  passedPause = false;
  const answer = begin();
  if (!isPromise(answer)) {
    mayPause = false;
    return answer;
  }
  callUnderWay = native.Promise.resolve(answer).finally(() => (mayPause = false));
  return answerOrPause();
}

function goOn() {
  const end = endPause;
  const answer = answerOrPause();
  end();
  return answer;
}

/// Pauses the call under way. The outermost page does it, also for the frames inside, whose pauses come one after the other.
function pauseFor(what) {
  return (lastPause = lastPause.then(() => new native.Promise((resolve) => {
    endPause = resolve;
    tellPause(what);
  })));
}

/// Pauses the step, if it may.
function pause() {
  if (parent !== null) return parent.pause?.();
  passedPause = true;
  if (!mayPause) return undefined;
  return pauseFor('code');
}

/// Called in a pause: lets the page act on what came.
function* settleInPause(givenUp) {
  for (const name of givenUp) warnOfGivenUp(name);
  yield settleMicrotasks();
  yield* waitForRequests();
  yield* inChildren((runtime) => runtime.settleInPause?.([]));
  return {waitedFor: [...waitedFor]};
}
