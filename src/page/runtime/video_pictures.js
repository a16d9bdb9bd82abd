// A video's picture on a canvas inside the video (video_roots.js), where it is part of the page's commit. The video's own surface
// reaches the compositor by a way that tells nobody when it has arrived (docs/adr/0024). Where the canvas cannot stand for it, the
// surface is shown (video_presentation.js).
const pictures = new Map();  // video -> {canvas, context, box, place, shown, lastSeek}

function beginPicture(video) {
  const canvas = createElementNatively.call(document, 'canvas');
  const picture = {canvas, context: contextFor(canvas), box: putIntoVideo(video, canvas), place: '', shown: undefined, lastSeek: null};
  pictures.set(video, picture);
  return picture;
}

function forgetPicture(video) {
  const picture = pictures.get(video);
  if (picture === undefined) return;
  takeFromVideo(video, picture.box);
  pictures.delete(video);
}

const lengths = /([+-]?) ?([\d.]+(?:e[+-]?\d+)?)(%|px)/g;
const sumOfLengths = new RegExp(`^(?:calc\\()?(?:${lengths.source} ?)+\\)?$`);

/// A computed position such as `calc(50% - 3px)`, in pixels; null if it is more than a sum, as `min(50%, 3px)`.
function offsetIn(text, freePx) {
  if (!sumOfLengths.test(text)) return null;
  let sumPx = 0;
  for (const [, sign, number, unit] of text.matchAll(lengths)) sumPx += Number(sign + number) * (unit === '%' ? freePx / 100 : 1);
  return sumPx;
}

/// Where the picture lies in the video's box, as the browser finds it for the surface: by object-fit and object-position, in whole
/// zoomed pixels (LayoutVideo::ReplacedContentRectFrom). Null if its position cannot be read.
function placeOfPicture(video, box) {
  const {width, height} = native.getComputedStyle(box);
  const boxPx = [Number.parseFloat(width), Number.parseFloat(height)];
  const naturalPx = [widthOfVideo.call(video), heightOfVideo.call(video)];
  const {objectFit, objectPosition} = native.getComputedStyle(video);
  const scales = boxPx.map((size, axis) => size / naturalPx[axis]);
  const fits = {contain: Math.min(...scales), cover: Math.max(...scales), 'scale-down': Math.min(1, ...scales), none: 1};
  const sizePx = objectFit === 'fill' ? boxPx : naturalPx.map((size) => size * fits[objectFit]);
  const offsets = objectPosition.split(/ (?![^(]*\))/).map((text, axis) => offsetIn(text, boxPx[axis] - sizePx[axis]));
  if (offsets.includes(null)) return null;
  const zoom = video.currentCSSZoom ?? 1;
  const [roundWidth, roundHeight] = sizePx.map((size) => Math.round(size * zoom) / zoom);
  return `margin-left: ${offsets[0]}px !important; margin-top: ${offsets[1]}px !important; ` +
         `width: ${roundWidth}px !important; height: ${roundHeight}px !important;`;
}

/// Opacity is left out: it would count that of ancestors, which does not hold for what is in the top layer.
const isRendered = (video) => checkVisibility.call(video, {visibilityProperty: true, contentVisibilityAuto: true});

function tellOnSurface(video, why) {
  warnOnce(`the video ${shortUrl(video.currentSrc)} is shown as Chromium shows it, ${why}: on a very busy machine it may be late, ` +
           'and its blue may be up to 12 of 255 too weak');
}

function putPicture(picture, place) {
  if (place !== picture.place) setStyleText(picture.canvas, canvasStyle + place);
  picture.place = place;
}

/// Draws the picture if the video has another one now.
function drawPicture({media: video, shown, lastSeek}) {
  const picture = pictures.get(video) ?? beginPicture(video);
  const place = placeOfPicture(video, picture.box);
  if (place === null) {
    forgetPicture(video);
    tellOnSurface(video, 'because of its object-position');
    return;
  }
  putPicture(picture, place);
  if (picture.shown !== shown || picture.lastSeek !== lastSeek) paintVideo(picture.context, picture.canvas, video);
  Object.assign(picture, {shown, lastSeek});
}

/// Whether the element shows a frame of its own, and not a stream or its poster.
const showsFrame = (state) => !state.isNative && hasPicture(state) && hasData(state.media) && !showsPoster(state);

/// The first look at a video that nobody has sought yet.
function* lookAtFrames(states) {
  for (const state of states) {
    if (state.shown !== null || state.wasLookedAt) continue;
    state.wasLookedAt = true;
    yield waitFor(() => labelOf(state), untilShown(state, currentTimeOfMedia.get.call(state.media)));
  }
}

/// Why the canvas cannot stand for the surface; undefined if it can. `covered`: the videos that something in the flow lies on.
function reasonForSurface({media: video}, covered) {
  if (!hasVideoRoot(video)) return 'as its inner tree was not found';
  if (mayHaveViewBox(video)) return 'because of an object-view-box';
  if (native.getComputedStyle(video).overflow.includes('visible')) return 'because of its overflow: visible';
  if (covered.has(video)) return 'because something without a position may lie on it (give it position: relative)';
  return undefined;
}

function drawOrLeave(state, covered) {
  const {media: video} = state;
  const reason = reasonForSurface(state, covered);
  if (reason === undefined) return drawPicture(state);
  tellOnSurface(video, reason);
  if (pictures.has(video) && mayHaveViewBox(video)) yieldToViewBox(video);
  return forgetPicture(video);
}

/// A video that cannot be seen is left as it is until it can.
function* drawPictures() {
  for (const state of videos) if (!state.media.isConnected || state.media.ownerDocument !== document) leave(state);
  if (videos.size === 0) return;
  for (const state of videos) if (!showsFrame(state)) forgetPicture(state.media);
  const visible = [...videos].filter((state) => showsFrame(state) && isRendered(state.media));
  yield* lookAtFrames(visible);
  if (strangers.size > 0) yield* askForTrees();
  for (const {media} of visible) blueRowOf(media);  // tells of colours that cannot be right, on surfaces, too
  for (const state of visible) if (state.isVeiled) forgetPicture(state.media);
  const drawn = visible.filter((state) => !state.isVeiled);
  const covered = coveredVideos(drawn.map(({media}) => media));
  for (const state of drawn) drawOrLeave(state, covered);
}
