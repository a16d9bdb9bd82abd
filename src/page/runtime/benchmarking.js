// Chromium with --enable-gpu-benchmarking tells scripts when a frame has reached the screen (chrome.gpuBenchmarking,
// content/renderer/gpu_benchmarking_extension.cc). It gives every frame this object, some of them twice, right after this
// script has run. No page is to have it, since it also writes files and sends input; hence first, as no_dialogs.js.
let benchmarking = null;

function takeBenchmarking() {
  const chrome = (globalThis.chrome ??= {});
  globalThis.Object.defineProperty(chrome, 'gpuBenchmarking', {
    configurable: true,
    set(value) {
      benchmarking ??= value;
      globalThis.Promise.resolve().then(() => delete chrome.gpuBenchmarking);
    },
  });
}

if (config.onDisplay) takeBenchmarking();
