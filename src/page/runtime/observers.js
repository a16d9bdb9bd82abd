// ResizeObserver and IntersectionObserver. A page that makes one gets a native frame at the end of each step, be it captured
// or not. What the browser tells in frames of its own accord, in the middle of a step that waits, is kept until then: how
// many of those there are is a matter of chance, and so would be the number of calls.
let needsFrames = false;
let observing = false;
const kept = new Map();  // observer -> Map of target -> entry

/// `textOf(entry)` says what of it a callback is called for: a change and its undoing within a step are none.
function followSteps(name, textOf) {
  const Native = globalThis[name];
  const told = new WeakMap();  // observer -> WeakMap of target -> text
  const wasTold = (observer, {target}) => told.get(observer).get(target);

  function tell(observer, callback, entries) {
    const news = entries.filter((entry) => textOf(entry) !== wasTold(observer, entry));
    for (const entry of news) told.get(observer).set(entry.target, textOf(entry));
    if (news.length > 0) Reflect.apply(callback, observer, [news, observer]);
  }

  function keep(observer, callback, entries) {
    if (!kept.has(observer)) kept.set(observer, {byTarget: new Map(), tell: (those) => tell(observer, callback, those)});
    const {byTarget} = kept.get(observer);
    for (const entry of entries) byTarget.set(entry.target, entry);
  }

  globalThis[name] = new Proxy(Native, {
    construct(target, [callback, ...rest], newTarget) {
      if (typeof callback !== 'function') return Reflect.construct(target, [callback, ...rest], newTarget);  // throws
      needsFrames = true;
      const onEntries = (entries, observer) => {
        if (!stepsEvents()) return Reflect.apply(callback, observer, [entries, observer]);
        keep(observer, callback, entries);
        if (observing) tellKept(observer);
      };
      const observer = Reflect.construct(target, [onEntries, ...rest], newTarget);
      told.set(observer, new WeakMap());
      return observer;
    },
  });
  Native.prototype.constructor = globalThis[name];
  forgetWith(Native.prototype, told);
}

/// What is observed anew is told anew, and what is not observed any more is not told.
function forgetWith(prototype, told) {
  for (const name of ['observe', 'unobserve']) {
    const method = prototype[name];
    replaceMethod(prototype, name, function (target, ...rest) {
      kept.get(this)?.byTarget.delete(target);
      told.get(this)?.delete(target);
      return Reflect.apply(method, this, [target, ...rest]);
    });
  }
  const {disconnect} = prototype;
  replaceMethod(prototype, 'disconnect', function () {
    kept.delete(this);
    told.set(this, new WeakMap());
    disconnect.call(this);
  });
}

function tellKept(observer) {
  const {byTarget, tell} = kept.get(observer);
  kept.delete(observer);
  tell([...byTarget.values()]);
}

const sizesText = (sizes) => Array.from(sizes, ({inlineSize, blockSize}) => `${inlineSize} ${blockSize}`).join();
followSteps('ResizeObserver', ({borderBoxSize, contentBoxSize, contentRect: {x, y}}) =>
  `${sizesText(borderBoxSize)} ${sizesText(contentBoxSize)} ${x} ${y}`);
followSteps('IntersectionObserver', ({isIntersecting, intersectionRatio}) => `${isIntersecting} ${intersectionRatio}`);

function tellAllKept() {
  for (const observer of [...kept.keys()]) callPage(() => tellKept(observer), []);
}

/// One frame of the browser's, in which it tells what has changed. What it had told before is told behind it, and may change
/// something in turn; after four rounds the rest is left to the next step.
function* tellObservers() {
  observing = true;
  for (let round = 0; round < 4; round += 1) {
    yield waitFor('an animation frame', nativeFrame());
    yield settleMicrotasks();  // the frame ends behind its animation frame callbacks: layout, then resize observers
    yield settleMicrotasks();  // intersection observers have a task of their own behind it
    if (kept.size === 0) break;
    tellAllKept();
  }
  observing = false;
}
