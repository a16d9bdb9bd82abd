// The order in which elements are painted (CSS 2, appendix E). What is a layer of its own is painted as one, above what is in the
// flow.
const parentInTree = (node) => node.assignedSlot ?? node.parentElement ?? node.parentNode?.host ?? null;
const isFlexItem = (element) => {
  const parent = parentInTree(element);
  return parent !== null && /flex|grid/.test(native.getComputedStyle(parent).display);
};
const isReplaced = (element) => element.matches('video, img, canvas, iframe, svg, object, embed, input, button');

function isLayer(element) {
  const style = native.getComputedStyle(element);
  if (style.position !== 'static' || style.opacity !== '1' || style.isolation === 'isolate' || style.mixBlendMode !== 'normal' ||
      style.filter !== 'none' || style.backdropFilter !== 'none' || style.clipPath !== 'none' || style.maskImage !== 'none') return true;
  if (style.zIndex !== 'auto' && isFlexItem(element)) return true;
  const isTransformed = style.transform !== 'none' || style.perspective !== 'none';  // which does not apply to inline boxes
  return isTransformed && (style.display !== 'inline' || isReplaced(element));
}

function overlap(one, other) {
  if (other.width === 0 || other.height === 0) return false;
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/// The outermost layer that `other` lies in and `element` does not.
function layerOf(other, element) {
  let layer = null;
  for (let node = other; node && !node.contains(element); node = node.parentElement) {
    if (isLayer(node)) layer = node;
  }
  return layer;
}

/// True if `other` is painted over `element` now but would not be if `element` became a layer, which is painted with the positioned
/// elements, in document order.
function wouldBeCovered(other, element) {
  const follows = (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const layer = layerOf(other, element);
  if (layer === null) return follows;
  const level = Number(native.getComputedStyle(layer).zIndex) || 0;
  return !follows && level === 0;
}

/// Whether a filter on the element, which makes it a layer, changes only what the filter does. If it was a layer before, or nothing
/// overlaps it, that is so.
function keepsOrderAsLayer(element) {
  if (isLayer(element)) return true;
  const box = element.getBoundingClientRect();
  const root = element.getRootNode();
  for (const other of root.querySelectorAll(root === document ? 'body *' : '*')) {
    if (other.contains(element) || !overlap(box, other.getBoundingClientRect())) continue;
    if (wouldBeCovered(other, element) && isShown(other)) return false;
  }
  return true;
}
