// A video's own (user-agent) shadow root, which the capture side makes known (own_trees.js), and what is put into it: a box for a
// canvas with the video's picture, and a style sheet that puts the video's own surface out of view (docs/adr/0024). Blink lays out only
// certain children there (LayoutMedia::IsChildAllowed), the container of text tracks among them. So the box is such a container: a
// video of ours, which is in no document, makes it.
const videoRoots = new WeakMap();  // video -> its shadow root
const {setAttribute} = Element.prototype;
const {addTextTrack} = HTMLMediaElement.prototype;
const {appendChild, removeChild} = Node.prototype;
const styleText = Object.getOwnPropertyDescriptor(CSSStyleDeclaration.prototype, 'cssText').set;
const setStyleText = (element, text) => styleText.call(element.style, text);
const {replaceSync: replaceSheet} = CSSStyleSheet.prototype;
let boxMaker = null;          // {video, track}
let hidesSurface = null;      // CSSStyleSheet
let holdsTransitions = null;  // CSSStyleSheet

forEachDocument(() => {
  boxMaker = null;
  [hidesSurface, holdsTransitions] = [new CSSStyleSheet(), new CSSStyleSheet()];  // for this document alone
  replaceSheet.call(hidesSurface, ':host { object-view-box: xywh(200% 0 100% 100%) !important }');
  replaceSheet.call(holdsTransitions, ':host { transition-property: none !important }');
});

/// The maker's own tree has to become known, too.
function needBoxMaker() {
  if (boxMaker !== null) return;
  const video = createElementNatively.call(document, 'video');
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
  setStyleText(box, boxStyle);
  return box;
}

/// Puts a box with the canvas into the video. The empty text before it keeps the browser from taking the box for the container of the
/// video's own text tracks, which it looks for as the first child.
function putIntoVideo(video, canvas) {
  const box = makeBox();
  appendChild.call(box, canvas);
  const root = videoRoots.get(video);
  appendChild.call(root, document.createTextNode(''));
  appendChild.call(root, box);
  root.adoptedStyleSheets = [hidesSurface];
  return box;
}

function takeFromVideo(video, box) {
  const root = videoRoots.get(video);
  if (box.previousSibling !== null) removeChild.call(root, box.previousSibling);
  removeChild.call(root, box);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets].filter((sheet) => sheet !== hidesSurface);
}

// An `object-view-box` of the page's. Ours overrides it, so that the computed style tells nothing, and one that came and went could
// begin a transition of the page's. So a video keeps its surface if it may have one at all.
let isViewBoxInSheets = false;  // in the text of some style sheet
const elementAnimations = Element.prototype.getAnimations;
const keyframesOf = KeyframeEffect.prototype.getKeyframes;

/// Puts a view box of the page's in force, without the transition from ours.
function yieldToViewBox(video) {
  const root = videoRoots.get(video);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, holdsTransitions];
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== hidesSurface);
  void native.getComputedStyle(video).objectViewBox;  // applies the styles
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== holdsTransitions);
}

const mayHaveViewBox = (video) =>
  isViewBoxInSheets || /object-view-box/i.test(video.getAttribute('style') ?? '') ||
  elementAnimations.call(video).some(({effect}) => keyframesOf.call(effect).some((frame) => 'objectViewBox' in frame));
