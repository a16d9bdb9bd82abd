// A video's own (user-agent) shadow root, which the capture side makes known (own_trees.js), and what is put into it: a box for a
// canvas with the video's picture, and a style sheet that puts the video's own surface out of view (docs/adr/0024). Blink lays out only
// certain children there (LayoutMedia::IsChildAllowed), the container of text tracks among them. So the box is such a container: a
// video of ours, which is in no document, makes it.
const videoRoots = new WeakMap();  // video -> its shadow root
const setAttribute = Element.prototype.setAttribute;
const {addTextTrack} = HTMLMediaElement.prototype;
let boxMaker = null;      // {video, track}
let hidesSurface = null;  // CSSStyleSheet

forEachDocument(() => {
  boxMaker = null;
  hidesSurface = new CSSStyleSheet();  // can be adopted in the document that it was made for
  hidesSurface.replaceSync(':host { object-view-box: xywh(200% 0 100% 100%) !important }');
});

/// The maker's own tree has to become known, too.
function needBoxMaker() {
  if (boxMaker !== null) return;
  const video = createElement.call(document, 'video');
  boxMaker = {video, track: addTextTrack.call(video, 'captions')};
  strangers.add(video);
}

function learnVideoRoot(host, root) {
  videoRoots.set(host, root);
  knownHosts.add(host);
  strangers.delete(host);
  needBoxMaker();
}

const hasVideoRoot = (video) => videoRoots.has(video) && boxMaker !== null && videoRoots.has(boxMaker.video);

// It is not painted with the video, but right after the flow around it: backface-visibility makes it a layer without a place of its
// own in the painting order. Only visibility and the way of scaling are the video's.
const boxStyle = 'all: initial !important; direction: ltr !important; display: flow-root !important; width: 100% !important; ' +
  'height: 100% !important; visibility: inherit !important; image-rendering: inherit !important; pointer-events: none !important; ' +
  'user-select: none !important; backface-visibility: hidden !important;';
const canvasStyle = `${boxStyle} display: block !important; object-fit: fill !important;`;

/// Makes the container anew: the browser makes one if the first child in the tree is none.
function makeBox() {
  boxMaker.track.mode = 'hidden';
  boxMaker.track.mode = 'showing';
  const box = videoRoots.get(boxMaker.video).firstElementChild;
  setAttribute.call(box, 'pseudo', `x-${config.key}`);  // so no rule of the page's for text tracks applies to it
  box.style.cssText = boxStyle;
  return box;
}

/// Puts a box with the canvas into the video. The empty text before it keeps the browser from taking the box for the container
/// of the video's own text tracks, which it looks for as the first child.
function putIntoVideo(video, canvas) {
  const box = makeBox();
  canvas.style.cssText = canvasStyle;
  box.append(canvas);
  const root = videoRoots.get(video);
  root.append('', box);
  root.adoptedStyleSheets = [hidesSurface];
  return box;
}

function takeFromVideo(video, box) {
  box.previousSibling?.remove();
  box.remove();
  const root = videoRoots.get(video);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets].filter((sheet) => sheet !== hidesSurface);
}

/// Those of the videos that have an `object-view-box` of the page's, which ours hides. For a look at it, ours is put aside.
function videosWithViewBox(videosNow) {
  hidesSurface.disabled = true;
  const found = videosNow.filter((video) => native.getComputedStyle(video).objectViewBox !== 'none');
  hidesSurface.disabled = false;
  return new Set(found);
}
