// Chromium with --enable-gpu-benchmarking tells scripts when a frame has reached the screen (chrome.gpuBenchmarking,
// content/renderer/gpu_benchmarking_extension.cc). It gives every window this object right after this script has run, and again
// when the window of the document that an <iframe> or window.open() is made with gets a document of its own (documents.js), which
// page scripts may have reached before. No page is to have it, since it also writes files and sends input; hence first, as
// no_dialogs.js.
let benchmarking = null;

/// Whether the window may get another document: only that which the browser began with (Blink,
/// DocumentLoader::ShouldReuseDOMWindow), and XML, which XSLT makes another document of.
const mayGetDocument = () => document.URL === 'about:blank' || !(document instanceof HTMLDocument);

function takeBenchmarking() {
  const {Proxy} = globalThis;
  const {defineProperty, set: setProperty} = globalThis.Reflect;
  const taken = 'gpuBenchmarking';
  const traps = {
    __proto__: null,  // a page could add traps to Object.prototype
    set(target, name, value, receiver) {
      if (name !== taken) return setProperty(target, name, value, receiver);
      benchmarking ??= value;
      return true;  // if it were not, or if this threw, the browser would end itself
    },
    defineProperty: (target, name, descriptor) => name !== taken && defineProperty(target, name, descriptor),
  };
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  let chrome = new Proxy(globalThis.chrome ?? {}, traps);
  if (!mayGetDocument()) return void (globalThis.chrome = chrome);
  // The browser will look for `chrome` once more: a page may set another, but the browser is to come upon the traps there, too.
  // What is no object it would replace by one without. In such a window alone `const chrome` is therefore an error.
  globalThis.Object.defineProperty(globalThis, 'chrome', {
    configurable: false,
    enumerable: true,
    get: () => chrome,
    set(value) {
      if (isObject(value)) chrome = new Proxy(value, traps);
    },
  });
}

if (config.hasBenchmarking) takeBenchmarking();
