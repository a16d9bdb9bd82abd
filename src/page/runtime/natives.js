// The browser's own functions, taken before a page script or this runtime replaces them. Every global name that the runtime reads
// later is listed here, because a page may declare its own `class Blob` or `const navigation`.
const {AbortController, AudioContext, BigInt, DOMException, Document, Error, Event, EventTarget, File, Map, MessageEvent} = globalThis;
const {Intl, Math, Node, Number, Object, Performance, Proxy, Set, String, Symbol, TypeError, URL, WeakMap, WeakRef, WeakSet} = globalThis;
const {Animation, CSSAnimation, CSSFontFaceRule, CSSImportRule, CSSStyleSheet, CSSTransition, DocumentTimeline} = globalThis;
const {HTMLIFrameElement, HTMLLinkElement, HTMLMediaElement, HTMLSourceElement, KeyframeEffect, TrustedHTML} = globalThis;
const {DataView, HTMLCanvasElement, Int32Array, OffscreenCanvas} = globalThis;
const {AbortSignal, Array, AudioBufferSourceNode, AudioWorklet, Blob, Boolean, ErrorEvent, Float32Array, HTMLElement} = globalThis;
const {MediaQueryList, NodeFilter, RegExp, SVGElement, SVGImageElement, Uint8Array, Uint32Array, WebGLRenderingContext} = globalThis;
const {encodeURIComponent, eval: runText, parseInt, reportError} = globalThis;
const {addEventListener: listen, dispatchEvent: dispatch, removeEventListener: unlisten} = EventTarget.prototype;
// The runtime calls Reflect's functions everywhere, and a page could replace them, so it has a frozen copy.
const Reflect = Object.freeze(Object.create(null, Object.getOwnPropertyDescriptors(globalThis.Reflect)));
const ownGetter = (name) => {
  const {get} = Object.getOwnPropertyDescriptor(globalThis, name);
  return () => Reflect.apply(get, globalThis, []);
};
const isWorker = false;
const {orchestratorAsk: askCapture} = globalThis;  // sends a text to the capture side (page_frames.cpp)
delete globalThis.orchestratorAsk;
const native = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  requestAnimationFrame: globalThis.requestAnimationFrame.bind(globalThis),
  cancelAnimationFrame: globalThis.cancelAnimationFrame.bind(globalThis),
  getBoundingClientRect: Element.prototype.getBoundingClientRect,
  getComputedStyle: globalThis.getComputedStyle.bind(globalThis),
  getAnimations: Document.prototype.getAnimations,
  getShadowAnimations: ShadowRoot.prototype.getAnimations,
  now: performance.now.bind(performance),
  decodeImage: HTMLImageElement.prototype.decode,
  getImageData: globalThis.OffscreenCanvasRenderingContext2D.prototype.getImageData,
  Date,
  Image,
  OffscreenCanvas: globalThis.OffscreenCanvas,
  MutationObserver,
  Promise,
  currentEvent: ownGetter('event'),
  innerWidth: ownGetter('innerWidth'),
  innerHeight: ownGetter('innerHeight'),
  visualViewport: ownGetter('visualViewport'),
  navigation: ownGetter('navigation'),
  frameElement: ownGetter('frameElement'),
  frameCount: ownGetter('length'),
  postTask: scheduler.postTask.bind(scheduler),
  postMessage: globalThis.postMessage,
  random: Math.random,
  structuredClone: globalThis.structuredClone.bind(globalThis),
};
