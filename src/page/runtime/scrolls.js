// Scrolling. Whatever has scrolled, by a call or because the layout changed, is found by comparing positions once a step; only
// what a page has scrolled before is looked at, so that pages that never scroll pay nothing.
const scrollers = new Map();  // Element or Document -> {left, top}, as last told to the page
const scrollLeft = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollLeft');
const scrollTop = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollTop');
const pageLeft = Object.getOwnPropertyDescriptor(globalThis, 'scrollX').get;
const pageTop = Object.getOwnPropertyDescriptor(globalThis, 'scrollY').get;

function positionOf(scroller) {
  if (scroller === document) return {left: pageLeft.call(globalThis), top: pageTop.call(globalThis)};
  return {left: scrollLeft.get.call(scroller), top: scrollTop.get.call(scroller)};
}

/// The viewport's events are the document's.
const scrollerOf = (element) => (element === document.scrollingElement ? document : element);

/// Before it scrolls.
function learnScroller(element) {
  const scroller = scrollerOf(element);
  if (!scrollers.has(scroller)) scrollers.set(scroller, positionOf(scroller));
}

/// What brings an element into view scrolls everything around it.
function scrollersAround(element) {
  const around = new Set([document]);
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    if (at.scrollHeight > at.clientHeight || at.scrollWidth > at.clientWidth) around.add(scrollerOf(at));
  }
  return [...around];
}

/// The browser's own events are stopped (frame_events.js). One of something that was not known tells that it scrolled.
function stopNativeScroll(event) {
  if (!event.isTrusted) return;
  const target = targetOf.call(event);
  if (!stepsEvents()) return void scrollers.set(target, positionOf(target));
  stopEvent.call(event);
  if (!scrollers.has(target)) scrollers.set(target, target === document ? {left: 0, top: 0} : {left: NaN, top: NaN});
}

/// Also in each shadow root: a scroll event does not leave it.
function watchScrolls(place) {
  for (const type of ['scroll', 'scrollend']) listen.call(place, type, stopNativeScroll, {capture: true, passive: true});
}
forEachDocument(() => watchScrolls(globalThis));

/// The end of a scroll is told with its last movement; until then a smooth one is under way.
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

/// What the page loads with: a fragment in its address, or positions that its scripts set meanwhile.
function learnScrolledPage() {
  if (location.hash !== '' || pageLeft.call(globalThis) !== 0 || pageTop.call(globalThis) !== 0) learnScroller(document);
}
