// What the browser makes of data by itself belongs to the frame that asked for it, as requests do.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

struct Way {
  const char* name;
  const char* code;  ///< runs at frame 3 and calls begin() at its end
};

constexpr Way ways[] = {
    {"bitmap", "createImageBitmap(new ImageData(900, 900)).then(begin)"},
    {"toBlob", "Object.assign(document.createElement('canvas'), {width: 900, height: 900}).toBlob(begin)"},
    {"convertToBlob", "const c = new OffscreenCanvas(900, 900); c.getContext('2d'); c.convertToBlob().then(begin)"},
    {"reader", "const r = new FileReader(); r.onload = begin; r.readAsText(new Blob(['x'.repeat(1e6)]))"},
    {"indexedDB",
     "const open = indexedDB.open('a', 1); open.onupgradeneeded = () => open.result.createObjectStore('s');"
     "open.onsuccess = () => { open.result.transaction('s', 'readwrite').objectStore('s').put(1, 1).onsuccess ="
     "() => { open.result.transaction('s').objectStore('s').get(1).onsuccess = begin; }; }"},
    {"cache",
     "caches.open('c').then(async (c) => { const url = location.origin + '/x'; await c.put(url, new Response('y')); await "
     "c.match(url); begin(); })"},
    {"digest", "crypto.subtle.digest('SHA-256', new Uint8Array(3e6)).then(begin)"},
    {"wasm", "WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(begin)"},
    {"audio", "new OfflineAudioContext(1, 441000, 44100).startRendering().then(begin)"},
    {"messages",
     "const c = new MessageChannel(); let left = 50;"
     "c.port1.onmessage = () => { if (--left > 0) c.port2.postMessage(0); else begin(); }; c.port2.postMessage(0)"},
    {"chain",
     "createImageBitmap(new ImageData(9, 9)).then((b) => createImageBitmap(b)).then(() => new Blob(['x']).text()).then(begin)"},
    {"read",
     "fetch(location.origin + '/big').then(async ({body}) => {"
     "const reader = body.getReader(); while (!(await reader.read()).done) {} begin(); })"},
    {"iterate",
     "fetch(location.origin + '/big').then(async ({body}) => {"
     "for await (const text of body.pipeThrough(new TextDecoderStream())) text.length; begin(); })"},
    {"blobStream", "new Blob(['x'.repeat(3e6)]).stream().tee()[1].pipeTo(new WritableStream({ write() {} })).then(begin)"},
};

/// Runs `run` in a worker, whose begin() is the page's.
constexpr const char* worker_script = R"(
    const code = `const begin = () => postMessage(0); (${run})()`;
    new Worker(URL.createObjectURL(new Blob([code]))).onmessage = begin;)";

/// The box goes 12 px a frame from the frame of begin() on.
std::string page_of(const Way& way, bool in_worker) {
  return std::string(R"(<!doctype html><style>body { margin: 0; background: #fff }</style><body><script>
    const begin = () => {
      const box = document.body.appendChild(document.createElement('div'));
      box.style.cssText = 'position: absolute; width: 12px; height: 12px; background: #00f';
      let frames = 0;
      requestAnimationFrame(function next() {
        box.style.left = 12 * frames++ + 'px';
        requestAnimationFrame(next);
      });
    };
    const run = () => {
      setTimeout(() => { )") +
         way.code + R"(; }, 95);
    };
    )" + (in_worker ? worker_script : "run();") +
         "</script>";
}

int place_of_box(const std::string& picture) {
  for (std::size_t x = 0; x < 320; ++x) {
    if (picture.compare((std::size_t{6} * 320 + x) * 4, 3, "\xff\x00\x00", 3) == 0) return static_cast<int>(x);
  }
  return -1;
}

std::string runtime_file(const char* name) {
  std::ifstream file(std::string(ORCHESTRATOR_SOURCE_DIR "/src/page/runtime/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("capture: time stands still for what the browser makes of data", "[capture][waiting]") {
  const bool in_worker = GENERATE(false, true);
  std::map<std::string, HttpAnswer> answers{{"/big", {.type = "text/plain", .body = std::string(3'000'000, 'x')}}};
  for (const Way& way : ways) answers[std::string("/") + way.name] = {.body = page_of(way, in_worker)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    if (in_worker && mode != CaptureMode::shm) continue;  // a worker is the same in all of them
    Studio studio(mode);
    for (const Way& way : ways) {
      if (in_worker && std::string(way.name) == "toBlob") continue;  // of an element
      if (in_worker && std::string(way.name) == "audio") continue;   // there is none in workers
      for (const std::int64_t first : {2, 6}) {
        CAPTURE(to_string(mode), way.name, in_worker, first);
        REQUIRE(error_of(studio.load(server.url(std::string("/") + way.name), {first, 8})) == "");
        for (std::int64_t frame = first; frame < 8; ++frame) {
          CAPTURE(frame);
          CHECK(place_of_box(studio.pictures({frame}).front()) == (frame < 3 ? -1 : 12 * (frame - 3)));
        }
      }
    }
  }
}

// A promise-returning operation of an interface never throws: called on another object it gives a rejected promise.
TEST_CASE("capture: every operation of the browser that gives a promise is waited for, or left out for a reason",
          "[capture][waiting]") {
  const std::string page = R"(<script type="text/plain" id="table">)" + runtime_file("async_operations.js") + R"(</script><script>
    const source = table.textContent.match(/const asyncOperations = (\{[^]*?\n\});/)[1];
    const known = (0, eval)(`(${source})`);
    const leftOut = [
      // Answers of people, permissions, devices and other programs.
      /^(BeforeInstallPromptEvent|Clipboard|ClipboardItem|CredentialsContainer|EyeDropper|FontData|IdleDetector|PaymentRequest)\./,
      /^(PaymentResponse|PaymentManager|HID|HIDDevice|Serial|SerialPort|USB|USBDevice|Keyboard|MIDIPort|ImageCapture)\./,
      /^(MediaDevices|MediaStreamTrack|BrowserCaptureMediaStreamTrack|CaptureController|MediaKey\w*|GamepadHapticActuator)\./,
      /^(Presentation\w+|RemotePlayback|DocumentPictureInPicture|PressureObserver|WakeLock|WakeLockSentinel|XR\w+|Ink)\./,
      /^(Navigator|NavigatorLogin|NavigatorManagedData|ScreenOrientation|DataTransferItem|FileSystemObserver|Bluetooth\w*)\./,
      /^(Document|AudioContext|HTMLMediaElement|HTMLVideoElement|CrashReportContext|CustomElementRegistry|LockManager)\./,
      /^Element\.request|^StorageManager\.persist$|^FileSystemHandle\.\w+Permission$|^OfflineAudioContext\.(resume|suspend)$/,
      /^WebGL2?RenderingContext\.makeXRCompatible$/,
      // Workers of services, the cloud, models, other machines.
      /^(ServiceWorker\w*|Push\w+|Background\w+|Periodic\w+|SyncManager|CookieStoreManager|NavigationPreloadManager)\./,
      /^(RTC\w+|webkitRTC\w+|WebTransport\w*|WebSocketStream|StorageBucket\w*|Profiler|SharedStorage\w*)\./,
      /^(LanguageDetector|LanguageModel|Summarizer|Translator|Writer|Rewriter|Proofreader)\./,
      // Time itself, streams without end, and the runtime's own business: requests.js, smooth_scrolls.js.
      /^(Scheduler|Observable|ReadableStream\w*|WritableStream\w*|ViewTransition)\./,
      /^Response\.|^Element\.scroll/,
    ];
    Error.stackTraceLimit = 0;
    addEventListener('unhandledrejection', (event) => event.preventDefault());  // of promises that are not ours to handle
    const forgotten = [];
    for (const name of Object.getOwnPropertyNames(window)) {
      const prototype = /^[A-Z]|^webkit/.test(name) ? window[name]?.prototype : undefined;
      if (!prototype || !/\[native code\]/.test(window[name]) || Object.prototype.toString.call(prototype) === '[object Object]') continue;
      if (name === 'Promise' || name === 'AsyncDisposableStack' || name === 'Image') continue;
      for (const [method, {value}] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        if (typeof value !== 'function' || method === 'constructor') continue;
        let result;
        try { result = Reflect.apply(value, {}, []); } catch { continue; }
        if (!(result instanceof Promise)) continue;
        result.catch(() => {});
        const isKnown = known[name]?.split(' ').includes(method);
        if (!isKnown && !leftOut.some((pattern) => pattern.test(`${name}.${method}`))) forgotten.push(`${name}.${method}`);
      }
    }
    window.renderFrame = () => { if (forgotten.length > 0) throw new Error(`forgotten: ${forgotten.join(' ')}`); };
  </script>)";
  const HttpServer server({{"/page", {.body = page}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 1})) == "");
  const auto frame = studio.take(0);
  CHECK((frame ? "" : frame.error().message()) == "");
}

TEST_CASE("capture: what stays open is named", "[capture][waiting]") {
  const HttpServer server({{"/page", {.body = "<script>new EventSource('/events'); new WebSocket('/socket')</script>"}},
                           {"/events", {.type = "text/event-stream"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 1})) == "");
  CHECK(contains(studio.log(), "EventSource " + server.url("/events") + " stays open"));
  CHECK(contains(studio.log(), "WebSocket ws://"));
}
