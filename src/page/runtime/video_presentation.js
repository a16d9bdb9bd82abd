// Videos that show their own surface (video_pictures.js has the others). Its frames do not reach the compositor with the page's
// commits but by a way of their own (Blink, VideoFrameSubmitter). A frame that comes before the previous one has been drawn is dropped
// for good (VideoFrameSubmitter::SubmitFrame, waiting_for_compositor_ack_). One seek from one picture to the next is safe: the previous
// picture proves that its frames were drawn, and the new frame can be read to check that it has come (video_frames.js). For other
// videos the browser is made to hand over their frame again (docs/adr/0015-video-frames.md).
const videos = new Set();  // states of those in the document
const viewPoints = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]];  // in fractions of width and height

/// What can be seen of an element, as bits: 1 if it is in the viewport, one bit more for each view point at which it lies on top.
/// 0 if it cannot be seen; then the browser hands over nothing.
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

/// Whether the picture will surely show the video's frame. To be called once for each picture, since it resets the count of
/// seeks.
function isProven(state) {
  const view = viewOf(state);
  const cameIntoView = (view & ~state.view) !== 0;
  const hasFewSeeks = state.seeks <= (state.isVeiled ? 0 : 1);
  Object.assign(state, {view, seeks: 0});
  return view === 0 || (hasFewSeeks && !cameIntoView);
}

function leave(state) {
  videos.delete(state);
  forgetPicture(state.media);
  state.view = 0;
}

/// Makes the browser hand over the frame that it has, by asking for a callback (VideoFrameCompositor::StartForceBeginFrames).
/// This fails while the frame before is not acknowledged. The browser then also draws without pause for a second, so it is not
/// done for every picture.
function handOver({media}) {
  cancelVideoCallback.call(media, requestVideoCallback.call(media, () => {}));
}

/// The videos of this document whose frame has to be handed over again.
function unsureVideos() {
  const onSurface = [...videos].filter((state) => hasPicture(state) && hasData(state.media) && !pictures.has(state.media));
  if (onSurface.some(({media}) => isRendered(media))) noteSurface();
  return onSurface.filter((state) => !state.isNative && !isProven(state));
}

function* drawVideos(states) {
  for (const state of states) handOver(state);
  for (let frames = 0; frames < 2; frames += 1) yield waitFor('an animation frame', nativeFrame());
}

/// Called before a picture is taken.
function* presentVideos() {
  yield* drawPictures();
  const unsure = unsureVideos();
  if (unsure.length > 0) {
    yield* drawVideos(unsure);  // draws what came into view or was handed over before, so that it is acknowledged
    yield* drawVideos(unsure);
  }
  yield* showForeign();
  yield* inChildren((runtime) => runtime.present());
  throwStrict();
}
