// The order in which elements are painted (CSS 2, appendix E). What is a layer of its own is painted as one, above what is in the
// flow.
const isLayer = (style) =>
  style.position !== 'static' || style.opacity !== '1' || style.transform !== 'none' || style.isolation === 'isolate' ||
  style.mixBlendMode !== 'normal' || style.zIndex !== 'auto' || style.filter !== 'none' || style.backdropFilter !== 'none' ||
  style.clipPath !== 'none' || style.perspective !== 'none' || style.maskImage !== 'none';

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
  if (isLayer(native.getComputedStyle(element))) return true;
  const box = element.getBoundingClientRect();
  const root = element.getRootNode();
  for (const other of root.querySelectorAll(root === document ? 'body *' : '*')) {
    if (other.contains(element) || !overlap(box, other.getBoundingClientRect())) continue;
    if (wouldBeCovered(other, element) && isShown(other)) return false;
  }
  return true;
}

function textCovers(node, box) {
  if (node.data.trim() === '') return false;
  const range = document.createRange();
  range.selectNodeContents(node);
  return overlap(box, range.getBoundingClientRect());
}

/// Whether a node, or what is in it, is in the flow and lies over the box.
function coversInFlow(node, box) {
  if (node.nodeType === Node.TEXT_NODE) return textCovers(node, box);
  if (node.nodeType !== Node.ELEMENT_NODE || isLayer(native.getComputedStyle(node))) return false;
  if (overlap(box, native.getBoundingClientRect.call(node)) && isShown(node)) return true;
  return [...node.childNodes].some((child) => coversInFlow(child, box));
}

const parentInTree = (node) => node.assignedSlot ?? node.parentElement ?? node.parentNode?.host ?? null;

/// Whether something in the flow is painted over the element. It must come later in the document, within the same layer.
function isCoveredInFlow(element) {
  const box = native.getBoundingClientRect.call(element);
  for (let node = element; node !== null && !isLayer(native.getComputedStyle(node)); node = parentInTree(node)) {
    for (let next = node.nextSibling; next !== null; next = next.nextSibling) if (coversInFlow(next, box)) return true;
  }
  return false;
}
