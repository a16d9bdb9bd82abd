// A filter makes an element a layer of its own (CSS 2, appendix E): it is painted with the positioned elements, in document
// order, and no longer in the flow. If it was a layer before, or nothing overlaps it, that changes no pixel.
const isLayer = (style) =>
  style.position !== 'static' || style.opacity !== '1' || style.transform !== 'none' || style.isolation === 'isolate' ||
  style.mixBlendMode !== 'normal' || style.zIndex !== 'auto';

function overlap(one, other) {
  if (other.width === 0 || other.height === 0) return false;
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/// The outermost layer that `other` lies in and `element` does not.
function layerOf(other, element) {
  let layer = null;
  for (let node = other; node && !node.contains(element); node = node.parentElement) {
    if (isLayer(native.getComputedStyle(node))) layer = node;
  }
  return layer;
}

/// True if `other` is painted over `element` now but would not be if `element` became a layer.
function wouldBeCovered(other, element) {
  const follows = (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const layer = layerOf(other, element);
  if (layer === null) return follows;
  const level = Number(native.getComputedStyle(layer).zIndex) || 0;
  return !follows && level === 0;
}

function keepsOrder(element) {
  if (isLayer(native.getComputedStyle(element))) return true;
  const box = element.getBoundingClientRect();
  const root = element.getRootNode();
  for (const other of root.querySelectorAll(root === document ? 'body *' : '*')) {
    if (other.contains(element) || !overlap(box, other.getBoundingClientRect())) continue;
    if (wouldBeCovered(other, element) && isShown(other)) return false;
  }
  return true;
}
