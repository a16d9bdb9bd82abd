// That a video shows its frame is not the page's commit: frames reach the compositor by a way of their own (Blink,
// VideoFrameSubmitter), and one that comes while the frame before it has not been drawn is dropped for good
// (VideoFrameSubmitter::SubmitFrame, waiting_for_compositor_ack_). From picture to picture one seek is safe: the picture before
// proves that its frames were drawn, and the frame that has come can be looked at (video_frames.js). Videos for which that is not
// so are handed over again (docs/adr/0015-video-frames.md).
const videos = new Set();  // states of those in the document
const viewPoints = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]];  // in parts of width and height

/// What can be seen of it, as bits: by its style, and at a few points. Nothing is handed over of what cannot be seen.
function viewOf({media}) {
  if (!media.checkVisibility({opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true})) return 0;
  const {left, top, width, height} = media.getBoundingClientRect();
  const root = media.getRootNode();
  let view = left < native.innerWidth() && top < native.innerHeight() && left + width > 0 && top + height > 0 ? 1 : 0;
  viewPoints.forEach(([x, y], index) => {
    if (root.elementFromPoint(left + x * width, top + y * height) === media) view |= 2 << index;
  });
  return view;
}

/// Asked once for each picture.
function isProven(state) {
  const view = viewOf(state);
  const cameIntoView = (view & ~state.view) !== 0;
  const hasFewSeeks = state.seeks <= (state.isVeiled ? 0 : 1);
  Object.assign(state, {view, seeks: 0});
  return view === 0 || (hasFewSeeks && !cameIntoView);
}

function leave(state) {
  videos.delete(state);
  state.view = 0;
}

/// Asking for a callback makes the browser hand over the frame that it has (VideoFrameCompositor::StartForceBeginFrames), unless
/// the one before is not acknowledged. It also makes it draw without pause for a second: nothing to do for every picture.
function handOver({media}) {
  cancelVideoCallback.call(media, requestVideoCallback.call(media, () => {}));
}

/// Which videos have to be handed over again. Those of the frames inside are asked for after that.
function unsureVideos() {
  const unsure = [];
  for (const state of videos) {
    if (!state.media.isConnected) leave(state);
    else if (!state.isNative && hasPicture(state) && hasData(state.media) && !isProven(state)) unsure.push(state);
  }
  return unsure;
}

function* drawVideos(states) {
  for (const state of states) handOver(state);
  for (let frames = 0; frames < 2; frames += 1) yield waitFor('an animation frame', nativeFrame());
}

/// Before a picture is taken.
function* presentVideos() {
  const unsure = videos.size > 0 ? unsureVideos() : [];
  if (unsure.length > 0) {
    yield* drawVideos(unsure);  // what came into view, and what was handed over before: it is acknowledged
    yield* drawVideos(unsure);
  }
  yield* showForeign();
  yield* inChildren((runtime) => runtime.present());
}
