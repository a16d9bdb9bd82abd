// requestVideoFrameCallback: callbacks are called in the film frame that shows a new frame of the video, before animation frames
// (as in Chromium, ScriptedAnimationController::ServiceScriptedAnimations).
const videoCallbacks = new Map();  // state -> Map(id -> callback)
let lastVideoCallbackId = 0;

function presentFirstFrame(state) {
  if (state.shown !== null || !hasData(state.media)) return;
  noteShown(state, frameOf(state) ?? {fromSeconds: 0, untilSeconds: 0});
}

function metadataOf({media, presentedFrames, shown}) {
  return {
    presentationTime: clock.frameMs,
    expectedDisplayTime: clock.frameMs,
    width: media.videoWidth,
    height: media.videoHeight,
    mediaTime: shown.fromSeconds,
    presentedFrames,
  };
}

function callVideoCallbacks(state, callbacks) {
  presentFirstFrame(state);
  if (state.presentedFrames === state.toldFrames || state.shown === null) return;
  state.toldFrames = state.presentedFrames;
  videoCallbacks.delete(state);
  for (const callback of callbacks.values()) callPage(callback, [clock.frameMs, metadataOf(state)]);
}

function runVideoFrameCallbacks() {
  for (const [state, callbacks] of [...videoCallbacks]) callVideoCallbacks(state, callbacks);
}

/// While a page runs natively (it draws by renderFrame, or gets ready), callbacks are called in the browser's own frames.
function watchVideoFrames() {
  if (!frameCallbacksAreNative || videoCallbacks.size === 0) return;
  runVideoFrameCallbacks();
  native.requestAnimationFrame(watchVideoFrames);
}

replaceMethod(HTMLVideoElement.prototype, 'requestVideoFrameCallback', function requestVideoFrameCallback(callback) {
  if (typeof callback !== 'function') throw new TypeError('requestVideoFrameCallback: the callback is not a function');
  const state = stateOf(this);
  const id = ++lastVideoCallbackId;
  if (!videoCallbacks.has(state)) {
    presentFirstFrame(state);
    state.toldFrames = state.presentedFrames;  // only later frames are told
    videoCallbacks.set(state, new Map());
  }
  videoCallbacks.get(state).set(id, callback);
  if (frameCallbacksAreNative && videoCallbacks.size === 1) native.requestAnimationFrame(watchVideoFrames);
  return id;
});
replaceMethod(HTMLVideoElement.prototype, 'cancelVideoFrameCallback', function cancelVideoFrameCallback(id) {
  const callbacks = videoCallbacks.get(stateOf(this));
  if (callbacks?.delete(id) && callbacks.size === 0) videoCallbacks.delete(stateOf(this));
});
