// Whether something in the flow is painted over a video. The canvas with its picture (video_pictures.js) is painted right after the
// flow of the layer that the video lies in, so it would hide that. Where the video is a layer itself, nothing in the flow is painted
// between the two. The answer errs on the side of yes.
const nearPx = 200;  // nothing of an element is looked for farther from its box: text that overflows, outlines, shadows

/// The elements from the video up to the layer that it lies in, without that one.
function flowAround(video) {
  const chain = [];
  let node = video;
  for (; node !== null && !isLayer(node); node = parentInTree(node)) chain.push(node);
  return {chain, layer: chain.length === 0 ? null : node ?? document.documentElement};
}

const grown = ({left, top, right, bottom, width, height}, px) => (
  {left: left - px, top: top - px, right: right + px, bottom: bottom + px, width: width + 2 * px, height: height + 2 * px});

const pixelsIn = (text) => [...text.matchAll(/-?[\d.]+(?=px)/g)].reduce((sum, [number]) => sum + Math.abs(Number(number)), 0);

/// How far an element's outline, and its shadows, reach out of its box.
function reachesOf(style) {
  const outline = style.outlineStyle === 'none' ? 0 : pixelsIn(`${style.outlineWidth} ${style.outlineOffset}`);
  return {outline, shadow: pixelsIn(`${style.textShadow} ${style.boxShadow}`)};
}

/// Whether an outline lies inside its own box, where it may lie on what is in it.
const isInset = (style) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineOffset) < 0;

const hasNegativeMargin = ({marginTop, marginRight, marginBottom, marginLeft}) =>
  [marginTop, marginRight, marginBottom, marginLeft].some((margin) => Number.parseFloat(margin) < 0);

/// Text or a box that `::before` or `::after` makes in the flow, pulled from its place by a negative margin of its own, or of what it
/// follows (`isPulled`). Where it lies cannot be asked for.
function hasPulledPseudo(element, isPulled) {
  return ['::before', '::after'].some((pseudo) => {
    const style = native.getComputedStyle(element, pseudo);
    const {content, display, position, width, height} = style;
    if (content === 'none' || content === 'normal' || display === 'none' || position !== 'static') return false;
    const isEmpty = /^"\s*"$/.test(content) && !(Number.parseFloat(width) > 0 && Number.parseFloat(height) > 0);
    return !isEmpty && (isPulled || hasNegativeMargin(style));
  });
}

function textCovers(text, box) {
  if (text.data.trim() === '') return false;
  const range = document.createRange();
  range.selectNodeContents(text);
  return [...range.getClientRects()].some((line) => overlap(box, line));
}

/// A video in its flow: `isAnywhere` if what comes before it in the document, too, may be painted over it (floats, the order that flex
/// and grid containers give, other trees).
function inFlow(video, {chain, layer}) {
  const isOrdered = (element) => native.getComputedStyle(element).cssFloat !== 'none' || isFlexItem(element);
  const isAnywhere = video.getRootNode() !== document || chain.some(isOrdered);
  return {video, chain, layer, box: native.getBoundingClientRect.call(video), isAnywhere};
}

/// Whether the element is in the flow of the same layer.
function sharesFlow(element, {chain, layer}) {
  let node = element;
  while (node !== null && node !== layer && !chain.includes(node)) {
    if (isLayer(node)) return false;
    node = parentInTree(node);
  }
  return node !== null;
}

const mayBeAfter = (node, {video, isAnywhere}) =>
  isAnywhere ||
  (video.compareDocumentPosition(node) & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_DISCONNECTED)) !== 0;

const textsCover = (element, flow) => [...element.childNodes].some(
  (node) => node.nodeType === Node.TEXT_NODE && mayBeAfter(node, flow) && textCovers(node, flow.box));

/// Whether an element, whose box is near the video's, is painted over it: its box, text, outline, shadow or pseudo-elements.
function elementCovers(element, rect, flow) {
  if (!sharesFlow(element, flow) || !isShown(element)) return false;
  const {outline, shadow} = reachesOf(native.getComputedStyle(element));
  if (outline > 0 && overlap(flow.box, grown(rect, outline))) return true;
  if (!mayBeAfter(element, flow)) return false;
  return overlap(flow.box, grown(rect, shadow)) || textsCover(element, flow) || hasPulledPseudo(element, false);
}

/// Whether what the video lies in, or its own outline, is painted over it.
function isCoveredFromAround(flow) {
  const {chain, layer, box} = flow;
  const isPulled = chain.some((element) => hasNegativeMargin(native.getComputedStyle(element)));
  return isInset(native.getComputedStyle(chain[0])) || [...chain.slice(1), layer].some((element) => {
    const style = native.getComputedStyle(element);
    const {left, top, right, bottom} = native.getBoundingClientRect.call(element);
    const isOver = left > box.left || top > box.top || right < box.right || bottom < box.bottom;
    const hasOutlineOver = element !== layer && style.outlineStyle !== 'none' && (isInset(style) || isOver);
    return hasOutlineOver || textsCover(element, flow) || hasPulledPseudo(element, isPulled);
  });
}

/// All elements below, in the shadow trees that are known, too.
function* elementsBelow(root, rootOfHost) {
  for (const element of root.querySelectorAll('*')) {
    yield element;
    const shadow = rootOfHost.get(element);
    if (shadow !== undefined) yield* elementsBelow(shadow, rootOfHost);
  }
}

/// Those of the videos that something in the flow lies on. One walk for all of them: a document may have many elements.
function coveredVideos(videosNow) {
  const flows = videosNow.map((video) => inFlow(video, flowAround(video))).filter(({layer}) => layer !== null);
  const found = new Set(flows.filter(isCoveredFromAround).map(({video}) => video));
  const open = flows.filter(({video}) => !found.has(video));
  if (open.length === 0) return found;
  const rootOfHost = new Map([...shadowRoots].map((root) => [hostOf.call(root), root]));
  for (const element of elementsBelow(document.documentElement, rootOfHost)) {
    const rect = native.getBoundingClientRect.call(element);
    const near = grown(rect, nearPx);
    for (const flow of open) {
      const {video, chain, layer, box} = flow;
      if (!overlap(box, near) || found.has(video) || chain.includes(element) || element === layer || video.contains(element)) continue;
      if (elementCovers(element, rect, flow)) found.add(video);
    }
  }
  return found;
}
