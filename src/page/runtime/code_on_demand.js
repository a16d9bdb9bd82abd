// Code that the browser brings by itself, by import() or a script element, belongs to the frame that asked for it. If it comes
// when the step is over, settle() (runtime.js) runs the animation frames that it asks for; it may as well come within the step,
// behind the animation frames.
let lastOfStep = 0;  // animation frame callback: later ones are of code that came after the step

const isCode = ({initiatorType}) => initiatorType === 'script' || initiatorType === 'other';  // 'other' is import()

function codeCameSince(beganMs) {
  return native.getEntriesByType('resource').some((entry) => isCode(entry) && native.responseEnd.call(entry) >= beganMs);
}

/// `beganMs`: when the step began, in real time; `lastOfFrames`: the last callback that its animation frames could register.
function* runFramesOfLateCode(beganMs, lastOfFrames) {
  const cameLate = lastCallbackId > lastOfFrames && codeCameSince(beganMs);
  if (cameLate) yield* runFrameCallbacks(lastOfFrames);
  lastOfStep = lastCallbackId;
  return cameLate;
}
