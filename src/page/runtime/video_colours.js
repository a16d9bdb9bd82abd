// The colours of videos. Without GPU compositing, Chromium converts them by libyuv, which multiplies Cb by 2.0 at most (UB in
// row_common.cc is a signed byte of 64ths) instead of by 2.112 in BT.709 and 2.142 in BT.2020, in limited (TV) range: pure blue
// becomes 243 of 255 (docs/adr/0016). In BT.601 only 0.017 are missing, 2 of 255. The lost blue follows from the colour that is left.
const widthOfVideo = Object.getOwnPropertyDescriptor(HTMLVideoElement.prototype, 'videoWidth').get;
const heightOfVideo = Object.getOwnPropertyDescriptor(HTMLVideoElement.prototype, 'videoHeight').get;
const {drawImage: drawOnCanvas, clearRect: clearCanvas, getImageData: readCanvas, putImageData: writeCanvas} =
  globalThis.CanvasRenderingContext2D.prototype;
const contextOfCanvas = HTMLCanvasElement.prototype.getContext;
const canvasSizes = ['width', 'height'].map((name) => Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, name));

/// The row of a matrix that makes the right B of R, G and libyuv's B': B' = Y + 2 U, and B = Y + factor U, where
/// Y = kr R + kg G + kb B.
function blueRow(kr, kb) {
  const lost = (1 - kb) * (255 / 224) - 1;  // missing from U's coefficient 2 (1 - kb) 255/224 (ITU-T H.273), halved
  const whole = 1 + lost * kb;
  return [-lost * kr / whole, -lost * (1 - kr - kb) / whole, (1 + lost) / whole];
}

const blueRows = {'bt709': blueRow(0.2126, 0.0722), 'bt2020-ncl': blueRow(0.2627, 0.0593)};
const rowsOfVideos = new WeakMap();  // video -> {source, width, row}

/// Null if the video's colours are right, or may not be asked for.
function readBlueRow(video) {
  try {
    const frame = new VideoFrame(video);
    const {matrix, fullRange, primaries} = frame.colorSpace;
    frame.close();
    if (primaries === 'bt2020') {
      warnOnce(`the video ${shortUrl(video.currentSrc)} has the colours of BT.2020, as HDR has: they are shown too pale, because ` +
               'software rendering does not convert them; give it BT.709 colours');
    }
    return fullRange ? null : blueRows[matrix] ?? null;
  } catch {
    warnOnce(`the video ${shortUrl(video.currentSrc)} may not be looked into, because it is from another origin: its blue may be up ` +
             'to 12 of 255 too weak, and on a very busy machine it may be late; let its server allow it (CORS) and give it the ' +
             'attribute crossorigin');
    return null;
  }
}

function blueRowOf(video) {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const source = video.currentSrc;
  const width = widthOfVideo.call(video);
  if (width === 0) return null;
  const known = rowsOfVideos.get(video);
  if (known?.source === source && known.width === width) return known.row;
  const row = readBlueRow(video);
  rowsOfVideos.set(video, {source, width, row});
  return row;
}

const forgetColours = (video) => rowsOfVideos.delete(video);

function setBlueRight(pixels, [ofRed, ofGreen, ofBlue]) {
  for (let i = 0; i < pixels.length; i += 4) pixels[i + 2] = pixels[i] * ofRed + pixels[i + 1] * ofGreen + pixels[i + 2] * ofBlue;
}

/// A context for paintVideo().
const contextFor = (canvas) => contextOfCanvas.call(canvas, '2d', {willReadFrequently: true});

/// Fills a canvas with the video's present picture, in its natural size and its exact colours.
function paintVideo(context, canvas, video) {
  const sizes = [widthOfVideo.call(video), heightOfVideo.call(video)];
  canvasSizes.forEach(({get, set}, axis) => { if (get.call(canvas) !== sizes[axis]) set.call(canvas, sizes[axis]); });
  const [width, height] = sizes;
  clearCanvas.call(context, 0, 0, width, height);
  drawOnCanvas.call(context, video, 0, 0);
  const row = blueRowOf(video);
  if (row === null) return;
  const image = readCanvas.call(context, 0, 0, width, height);
  setBlueRight(image.data, row);
  writeCanvas.call(context, image, 0, 0);
}

let exact = null;  // {canvas, context, video, shown, lastSeek}: what was last drawn for a page

/// Draws anew only if the video may show something else than last time: a page may draw it piece by piece.
function drawExactly(video) {
  const {shown = null, lastSeek = null, sought = [null]} = mediaStates.get(video) ?? {};
  const isSame = exact?.video === video && shown !== null && exact.shown === shown && exact.lastSeek === lastSeek;
  if (isSame && sought.length === 0) return;
  if (exact === null) {
    const canvas = createElementNatively.call(document, 'canvas');
    exact = {canvas, context: contextFor(canvas)};
  }
  paintVideo(exact.context, exact.canvas, video);
  Object.assign(exact, {video, shown, lastSeek});
}

/// What to draw instead of `source`, in the same size. A video of another frame is no HTMLVideoElement of this one.
function exactSource(source) {
  if (source?.localName !== 'video' || blueRowOf(source) === null) return source;
  try {
    drawExactly(source);
    return exact.canvas;
  } catch {
    exact = null;  // it may not be looked into any longer, and neither may the canvas
    return source;
  }
}

for (const {prototype} of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
  for (const name of ['drawImage', 'createPattern']) {
    const original = prototype[name];
    replaceMethod(prototype, name, function (source, ...rest) {
      return original.call(this, exactSource(source), ...rest);
    });
  }
}

const createImageBitmapNatively = globalThis.createImageBitmap;
replaceMethod(globalThis, 'createImageBitmap', function createImageBitmap(source, ...rest) {
  return createImageBitmapNatively.call(globalThis, exactSource(source), ...rest);
});
