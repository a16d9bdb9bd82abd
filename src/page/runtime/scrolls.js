// Scrolling. What has scrolled, by a call or because the layout changed, is found by comparing positions in each step. Only
// elements that have scrolled before are looked at, so pages that never scroll pay nothing.
const scrollers = new Map();  // Element or Document -> {left, top} when the page was last told
const scrollLeft = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollLeft');
const scrollTop = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollTop');
const pageLeft = Object.getOwnPropertyDescriptor(globalThis, 'scrollX').get;
const pageTop = Object.getOwnPropertyDescriptor(globalThis, 'scrollY').get;

function positionOf(scroller) {
  if (scroller === document) return {left: pageLeft.call(globalThis), top: pageTop.call(globalThis)};
  return {left: scrollLeft.get.call(scroller), top: scrollTop.get.call(scroller)};
}

/// The target of an element's scroll events: those of the viewport are sent to the document.
const scrollerOf = (element) => (element === document.scrollingElement ? document : element);

/// To be called before the element scrolls.
function learnScroller(element) {
  const scroller = scrollerOf(element);
  if (!scrollers.has(scroller)) scrollers.set(scroller, positionOf(scroller));
}

/// Everything that may scroll when the element is brought into view.
function scrollersAround(element) {
  const around = new Set([document]);
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    if (at.scrollHeight > at.clientHeight || at.scrollWidth > at.clientWidth) around.add(scrollerOf(at));
  }
  return [...around];
}

/// Stops the browser's own event (frame_events.js). If its target is not known yet, the event tells that it has scrolled, from an
/// unknown position (NaN differs from every position).
function stopNativeScroll(event) {
  if (!event.isTrusted) return;
  const target = targetOf.call(event);
  if (!stepsEvents()) return void scrollers.set(target, positionOf(target));
  stopEvent.call(event);
  if (!scrollers.has(target)) scrollers.set(target, target === document ? {left: 0, top: 0} : {left: NaN, top: NaN});
}

/// `place` is the window or a shadow root, because a scroll event does not leave a shadow root.
function watchScrolls(place) {
  for (const type of ['scroll', 'scrollend']) listen.call(place, type, stopNativeScroll, {capture: true, passive: true});
}
forEachDocument(() => watchScrolls(globalThis));

/// The scroll events that are due. `scrollend` is sent with the last movement, so not while a smooth scroll is under way.
function* scrollEvents() {
  const scrolled = new Set();
  for (const [scroller, before] of scrollers) {
    const now = positionOf(scroller);
    if (now.left === before.left && now.top === before.top) continue;
    scrollers.set(scroller, now);
    if (scroller.isConnected) scrolled.add(scroller);
    else scrollers.delete(scroller);
  }
  for (const scroller of scrolled) yield [scroller, new Event('scroll', {bubbles: scroller === document})];
  for (const scroller of new Set([...scrolled, ...takeEndedScrolls()])) {
    if (!smoothScrolls.has(scroller)) yield [scroller, new Event('scrollend', {bubbles: scroller === document})];
  }
}

/// Learns that the document is scrolled after loading, by a fragment in its address or by its scripts.
function learnScrolledPage() {
  if (location.hash !== '' || pageLeft.call(globalThis) !== 0 || pageTop.call(globalThis) !== 0) learnScroller(document);
}
