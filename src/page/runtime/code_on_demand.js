// Code that the browser brings by itself, by import() or a script element, belongs to the frame that asked for it, and so do the
// animation frames that it asks for. It may come at any moment, above all on a busy machine: while the step runs or when it is over.
// The capture side knows of it in either case (UnderWay::went_on), and settle() calls those animation frames within their frame. Here
// they are told from those that the page's own loop asks for, which are for the next frame: what the step calls, and what follows
// from that, belongs to the step.
const reactionsInARow = 32;  // of promises, one behind the other; each takes 0.1 us
let isOfStep = false;
let reactionsLeft = 0;

function beginOfStep() {
  reactionsLeft = reactionsInARow;
  if (isOfStep) return;
  isOfStep = true;
  passReactions();
}

async function passReactions() {
  for (; reactionsLeft > 0; reactionsLeft -= 1) await undefined;
  isOfStep = false;
}

/// For what is called when something ends that was begun now: it follows from what began it.
function followingNow(react) {
  if (!isOfStep) return react;
  return () => {
    beginOfStep();
    react();
  };
}

/// A page that goes from frame to frame by messages to itself answers them in tasks of their own.
const isAskedByStep = () => isOfStep || native.currentEvent() instanceof MessageEvent;

function* runFramesOfLateCode() {
  if (clock.frame >= 0 && !frameCallbacksAreNative) yield* runFrameCallbacks((entry) => !entry.isOfStep);
}
