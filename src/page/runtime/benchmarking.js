// Chromium with --enable-gpu-benchmarking tells scripts when a frame has reached the screen (chrome.gpuBenchmarking,
// content/renderer/gpu_benchmarking_extension.cc). It gives every window this object right after this script has run. It does so
// again when a window that an <iframe> or window.open() made with an empty document gets a document of its own (documents.js);
// page scripts may have reached that window before. No page may have the object, since it also writes files and sends input. So
// this file, like no_dialogs.js, stands before the place where the script may return early.
let benchmarking = null;

/// Whether the window may get another document. Only two may: the empty document that the browser began with (Blink,
/// DocumentLoader::ShouldReuseDOMWindow), and XML, which XSLT turns into another document.
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
      return true;  // on false or an exception the browser would terminate itself
    },
    defineProperty: (target, name, descriptor) => name !== taken && defineProperty(target, name, descriptor),
  };
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  let chrome = new Proxy(globalThis.chrome ?? {}, traps);
  if (!mayGetDocument()) return void (globalThis.chrome = chrome);
  // The browser will look up `chrome` once more. A page may set another object until then, so that one gets the traps, too.
  // Anything but an object is ignored, because the browser would replace it by an object without traps. Since the property is not
  // configurable, `const chrome` is an error in such a window, and only there.
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
