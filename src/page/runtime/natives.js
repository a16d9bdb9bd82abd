// The browser's own functions, taken before a page script can replace them and before this runtime does.
const native = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  requestAnimationFrame: globalThis.requestAnimationFrame.bind(globalThis),
  cancelAnimationFrame: globalThis.cancelAnimationFrame.bind(globalThis),
  getComputedStyle: globalThis.getComputedStyle.bind(globalThis),
  getAnimations: Document.prototype.getAnimations,
  getShadowAnimations: ShadowRoot.prototype.getAnimations,
  now: performance.now.bind(performance),
  decodeImage: HTMLImageElement.prototype.decode,
  Date,
  Image,
  MutationObserver,
  Promise,
};

// The same for what all files here call by its global name.
const {Error, Event, Map, Math, Node, Number, Object, Reflect, Set, String, TypeError, URL} = globalThis;
const {Animation, CSSAnimation, CSSFontFaceRule, CSSImportRule, CSSStyleSheet, CSSTransition, DocumentTimeline} = globalThis;
const {HTMLMediaElement, KeyframeEffect} = globalThis;

/// Replaces a method by one that enumerates and is configured like the original.
function replaceMethod(owner, name, method) {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, {...original, value: method});
}

/// Replaces the getter, and the setter if one is given, of an accessor property.
function replaceAccessor(owner, name, {get, set}) {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, {...original, get: get ?? original.get, set: set ?? original.set});
  return original;
}

const isPromise = (value) => value !== null && typeof value === 'object' && typeof value.then === 'function';

/// A frame of a page in another origin has no parent it may look at, nobody steps its clock, so it is left alone.
function parentRuntime() {
  if (window === window.parent) return null;
  try {
    return window.parent.__orchestrator ?? undefined;
  } catch {
    return undefined;
  }
}
const parent = parentRuntime();
if (parent === undefined) return;
