// ResizeObserver and IntersectionObserver. A page that makes one gets a native frame at the end of each step, captured or not.
// Entries that the browser delivers in frames of its own, in the middle of a step that waits, are kept until then: the number of
// those frames is a matter of chance, and so would be the number of calls.
let needsFrames = false;
let observing = false;
const kept = new Map();  // observer -> Map of target -> entry

/// `textOf(entry)` is what an observer reports, as text. A callback is called only if it differs from what was last told, so not
/// for a change that is undone within a step.
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

/// A target that is observed anew is told anew, and one that is no longer observed is not told.
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

/// Waits for a native frame, in which the browser tells what has changed, and then tells the page entries that were kept. Its
/// callbacks may cause further entries; after four rounds the rest is left to the next step.
function* tellObservers() {
  observing = true;
  for (let round = 0; round < 4; round += 1) {
    yield waitFor('an animation frame', nativeFrame());
    yield settleMicrotasks();  // after its animation frame callbacks the frame does layout, then resize observers
    yield settleMicrotasks();  // intersection observers are called in a task of their own after the frame
    if (kept.size === 0) break;
    tellAllKept();
  }
  observing = false;
}
