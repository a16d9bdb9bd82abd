// Smooth scrolling (`behavior: 'smooth'`, scroll-behavior: smooth). The browser is made to jump (--disable-smooth-scrolling,
// browser_command.cpp), which shows where a scroll ends, snapped and clamped. The runtime then scrolls there from frame to frame.
// It moves as Chromium 156 does: in two scrolls, at 36 and 50 points, positions agreed to a hundred-millionth of the way.
const smoothScrolls = new Map();  // scroller -> {from, to, startMs: null until its first frame, durationMs, snapping, resolve}
const endedScrolls = new Set();
const longestScrollMs = 1500;
const scrollTo = Element.prototype.scrollTo;

/// cubic-bezier(0.4, 0, 0, 1) at `x`. The curve's parameter is found by bisection, since x grows with it.
function scrollCurve(x) {
  let [low, high] = [0, 1];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    const at = 3 * (1 - middle) ** 2 * middle * 0.4 + middle ** 3;
    if (at < x) low = middle;
    else high = middle;
  }
  return 3 * (1 - low) * low ** 2 + low ** 3;
}

const boxOf = (scroller) => (scroller === document ? document.scrollingElement ?? document.documentElement : scroller);
const putScroller = (scroller, {left, top}) => scrollTo.call(boxOf(scroller), {left, top, behavior: 'instant'});
const isSame = (a, b) => a.left === b.left && a.top === b.top;
const styleOf = (scroller) => native.getComputedStyle(scroller === document ? document.documentElement : scroller);

function startSmoothScroll(scroller, from, to) {
  const far = Math.max(Math.abs(to.left - from.left), Math.abs(to.top - from.top));
  const durationMs = Math.min((Math.sqrt(far) / 60) * 1000, longestScrollMs);
  // Snapping is off meanwhile: the box would snap at each position on the way.
  const snaps = styleOf(scroller).scrollSnapType !== 'none';
  const snapping = snaps ? overlay(boxOf(scroller), null, {scrollSnapType: 'none'}) : null;
  const scroll = {from, to, startMs: null, durationMs, snapping, resolve: () => {}};
  putScroller(scroller, from);
  smoothScrolls.set(scroller, scroll);
  return scroll;
}

function endSmoothScroll(scroller, interrupted) {
  const scroll = smoothScrolls.get(scroller);
  if (!smoothScrolls.delete(scroller)) return;
  if (scroll.snapping !== null) removeOverlay(scroll.snapping);
  if (!interrupted) endedScrolls.add(scroller);
  scroll.resolve({interrupted});
}

function takeEndedScrolls() {
  const ended = [...endedScrolls];
  endedScrolls.clear();
  return ended;
}

/// Moves all smooth scrolls to the clock's time. A scroll begins at the frame in which it was asked for, or at the next one if it
/// was asked for between two frames.
function advanceSmoothScrolls() {
  for (const [scroller, scroll] of smoothScrolls) {
    const {from, to, durationMs} = scroll;
    scroll.startMs ??= clock.frameMs;
    const part = (clock.frameMs - scroll.startMs + 0.001) / durationMs;
    const way = part >= 1 ? 1 : scrollCurve(part);
    putScroller(scroller, {left: from.left + (to.left - from.left) * way, top: from.top + (to.top - from.top) * way});
    if (part >= 1 || !scroller.isConnected) endSmoothScroll(scroller, false);
  }
}

/// Ends all smooth scrolls at their goal, for a page that runs natively from now on.
function finishSmoothScrolls() {
  for (const [scroller, {to}] of smoothScrolls) {
    putScroller(scroller, to);
    endSmoothScroll(scroller, false);
  }
}

function isSmooth(scroller, behavior) {
  return behavior === 'smooth' || (behavior !== 'instant' && styleOf(scroller).scrollBehavior === 'smooth');
}

/// The smooth scroll from `from` to the position to which `scroller` has jumped; null if there is no new one.
function makeSmooth(scroller, from, behavior) {
  const to = positionOf(scroller);
  const running = smoothScrolls.get(scroller);
  const smooth = isSmooth(scroller, behavior);
  if (smooth && !stepsEvents()) warnOnce('a smooth scroll of a page that draws by renderFrame, or is not ready yet, is a jump');
  if (smooth && running !== undefined && isSame(running.to, to)) {
    putScroller(scroller, from);
    return null;
  }
  endSmoothScroll(scroller, true);
  return smooth && stepsEvents() ? startSmoothScroll(scroller, from, to) : null;
}

async function endOf(scrolls) {
  const ends = await native.Promise.all(scrolls.map((scroll) => new native.Promise((resolve) => {
    scroll.resolve = resolve;
  })));
  return {interrupted: ends.some(({interrupted}) => interrupted)};
}

/// Calls `move`, which makes some of `candidates` jump. Those that have to scroll smoothly are put back and go there frame by
/// frame.
function moveScrollers(candidates, behavior, move) {
  const before = new Map(candidates.map((scroller) => [scroller, positionOf(scroller)]));
  for (const [scroller, position] of before) {
    if (!scrollers.has(scroller)) scrollers.set(scroller, position);
  }
  const result = move();
  const moved = candidates.filter((scroller) => !isSame(positionOf(scroller), before.get(scroller)));
  const started = moved.map((scroller) => makeSmooth(scroller, before.get(scroller), behavior));
  // Chromium 156 returns promises here, older versions nothing.
  return isPromise(result) ? endOf(started.filter((scroll) => scroll !== null)) : result;
}

const behaviorIn = (options) => (options !== null && typeof options === 'object' ? options.behavior : undefined);

for (const name of ['scroll', 'scrollTo', 'scrollBy']) {
  const [ofElement, ofWindow] = [Element.prototype[name], globalThis[name]];
  replaceMethod(Element.prototype, name, function (...values) {
    return moveScrollers([scrollerOf(this)], behaviorIn(values[0]), () => Reflect.apply(ofElement, this, values));
  });
  replaceMethod(globalThis, name, function (...values) {
    return moveScrollers([document], behaviorIn(values[0]), () => Reflect.apply(ofWindow, globalThis, values));
  });
}
for (const [name, original] of [['scrollLeft', scrollLeft], ['scrollTop', scrollTop]]) {
  replaceAccessor(Element.prototype, name, {
    set(value) {
      moveScrollers([scrollerOf(this)], undefined, () => original.set.call(this, value));
    },
  });
}
for (const [owner, name] of [[Element.prototype, 'scrollIntoView'], [Element.prototype, 'scrollIntoViewIfNeeded'],
                             [HTMLElement.prototype, 'focus'], [SVGElement.prototype, 'focus']]) {
  const method = owner[name];
  replaceMethod(owner, name, function (...values) {
    return moveScrollers(scrollersAround(this), behaviorIn(values[0]), () => Reflect.apply(method, this, values));
  });
}

// The browser scrolls to a new fragment of the address in its next frame. A document that had not scrolled before was at 0, 0.
let hasNewFragment = false;
function expectFragment() {
  if (!scrollers.has(document)) scrollers.set(document, {left: 0, top: 0});
  hasNewFragment = true;
}
function onNavigate(event) {
  if (event.hashChange) expectFragment();  // also for a link to the fragment that the address already has
}
forEachDocument(() => {
  listen.call(globalThis, 'hashchange', expectFragment, {capture: true});
  listen.call(native.navigation(), 'navigate', onNavigate);
});

function* scrollToFragment() {
  if (!hasNewFragment) return;
  hasNewFragment = false;
  yield waitFor('an animation frame', nativeFrame());
  yield settleMicrotasks();
  const [before, now] = [scrollers.get(document), positionOf(document)];
  if (!isSame(before, now)) makeSmooth(document, before, undefined);
}
