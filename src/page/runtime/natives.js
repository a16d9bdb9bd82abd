// The browser's own functions, taken before a page script can replace them and before this runtime does.
const {AbortController, AudioContext, BigInt, DOMException, Document, Error, Event, EventTarget, File, Map} = globalThis;
const {Intl, Math, Node, Number, Object, Performance, Proxy, Reflect, Set, String, TypeError, URL, WeakMap} = globalThis;
const {Animation, CSSAnimation, CSSFontFaceRule, CSSImportRule, CSSStyleSheet, CSSTransition, DocumentTimeline} = globalThis;
const {HTMLMediaElement, KeyframeEffect} = globalThis;
const {addEventListener: listen, removeEventListener: unlisten} = EventTarget.prototype;
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
  OffscreenCanvas: globalThis.OffscreenCanvas,
  MutationObserver,
  Promise,
};

/// Replaces a method by one that enumerates, is configured and looks like the original: libraries ask functions for their
/// name, length and `[native code]` to decide whether they must bring their own.
function replaceMethod(owner, name, method) {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  const value = new Proxy(original.value, {apply: (target, self, values) => Reflect.apply(method, self, values)});
  Object.defineProperty(owner, name, {...original, value});
}

/// Replaces a global class by one whose instances are made by `make(values, newTarget)`; everything else stays as it was.
function replaceClass(name, make, traps = {}) {
  const original = globalThis[name];
  const value = new Proxy(original, {...traps, construct: (target, values, newTarget) => make(values, newTarget)});
  Object.defineProperty(globalThis, name, {...Object.getOwnPropertyDescriptor(globalThis, name), value});
  Object.defineProperty(original.prototype, 'constructor', {value});
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
