'use strict';

// In a worker: the browser's own functions, taken before its script can replace them, and what its page has told by the worker's
// name.
const {AbortController, BigInt, DOMException, Error, Event, EventTarget, File, Intl, Map, Math, MessageEvent, Number} = globalThis;
const {AbortSignal, Boolean, ErrorEvent, eval: runText, reportError} = globalThis;
const {Object, Performance, Proxy, Set, String, Symbol, TypeError, URL, WeakMap, WeakRef, WeakSet, XMLHttpRequest} = globalThis;
const {addEventListener: listen, dispatchEvent: dispatch, removeEventListener: unlisten} = EventTarget.prototype;
const Reflect = Object.freeze(Object.create(null, Object.getOwnPropertyDescriptors(globalThis.Reflect)));  // natives.js
const native = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  requestAnimationFrame: globalThis.requestAnimationFrame.bind(globalThis),
  postMessage: globalThis.postMessage.bind(globalThis),
  close: globalThis.close.bind(globalThis),
  now: performance.now.bind(performance),
  postTask: scheduler.postTask.bind(scheduler),
  random: Math.random,
  structuredClone: globalThis.structuredClone.bind(globalThis),
  Date,
  Promise,
};
const isWorker = true;
const parent = null;  // workers have no frames around them

// workers.js has put the token and the page's time and mode in front of the name. A worker whose page has no runtime has no token
// there, and is left alone.
const [token, originMs_, isNative_, dateShiftMs_, hasStrangers_, ...ownName] = globalThis.name.split(' ');
if (token !== config.token) return;
config.originMs = Number(originMs_);
config.dateShiftMs = Number(dateShiftMs_);
config.hasStrangers = hasStrangers_ === '1';
Object.defineProperty(globalThis, 'name', {
  ...Object.getOwnPropertyDescriptor(globalThis, 'name'),
  get: () => ownName.join(' '),
});

const tellPage = (message) => postControlMessage(native.postMessage, undefined, message);

/// Sends the warning to the page, which logs it once, or ends a strict render.
function warnOnce(text) {
  tellPage({warning: text});
}
