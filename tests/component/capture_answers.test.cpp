// What the browser's coders, locks and GPU answer in their own time belongs to the frame that asked; what cannot is named.
#include "support/contains.hpp"
#include "support/http_server.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

struct Way {
  const char* name;
  const char* code;  ///< gives `ask(frame)`, which calls answer(frame) when what it asked for has come
  int late = 0;      ///< frames after which the answer can be seen
};

constexpr Way ways[] = {
    {"encoder", R"(const coder = new VideoEncoder({output: (chunk) => answer(chunk.timestamp), error() {}});
                   coder.configure({codec: 'vp8', width: 640, height: 480});
                   const canvas = new OffscreenCanvas(640, 480); canvas.getContext('2d').fillRect(0, 0, 99, 99);
                   ask = (frame) => { const picture = new VideoFrame(canvas, {timestamp: frame});
                                      coder.encode(picture); picture.close(); };)"},
    {"decoder",
     R"(const decoder = new VideoDecoder({output: (picture) => { answer(picture.timestamp); picture.close(); }, error() {}});
                   const coder = new VideoEncoder({output: (chunk) => decoder.decode(chunk), error() {}});
                   decoder.configure({codec: 'vp8'}); coder.configure({codec: 'vp8', width: 640, height: 480});
                   const canvas = new OffscreenCanvas(640, 480); canvas.getContext('2d').fillRect(0, 0, 99, 99);
                   ask = (frame) => { const picture = new VideoFrame(canvas, {timestamp: frame});
                                      coder.encode(picture); picture.close(); };)"},
    {"audio", R"(const asked = []; const coder = new AudioEncoder({output: () => answer(asked.at(-1)), error() {}});
                 coder.configure({codec: 'opus', sampleRate: 48000, numberOfChannels: 1});
                 ask = (frame) => { asked.push(frame); coder.encode(new AudioData({format: 'f32', sampleRate: 48000,
                   numberOfFrames: 4800, numberOfChannels: 1, timestamp: frame * 1e5, data: new Float32Array(4800)})); };)"},
    {"audioDecoder", R"(let made = 0;
                        const decoder = new AudioDecoder({output: (data) => { answer(made += 1); data.close(); }, error() {}});
                        decoder.configure({codec: 'pcm-s16', sampleRate: 48000, numberOfChannels: 1});
                        ask = (frame) => decoder.decode(new EncodedAudioChunk({type: 'key', timestamp: frame, data: new Int16Array(960)}));)"},
    {"packets", R"(let packets = 0;
                   const coder = new AudioEncoder({output: () => answer(packets += 1), error() {}});
                   coder.configure({codec: 'opus', sampleRate: 48000, numberOfChannels: 1, opus: {frameDuration: 10000}});
                   ask = (frame) => coder.encode(new AudioData({format: 'f32', sampleRate: 48000, numberOfFrames: 512,
                     numberOfChannels: 1, timestamp: frame * 1e4, data: new Float32Array(512)}));)"},
    {"image",
     R"(const bytes = Uint8Array.from(atob('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'), (c) => c.charCodeAt(0));
                 ask = async (frame) => { const decoder = new ImageDecoder({data: bytes, type: 'image/gif'});
                   await decoder.tracks.ready; await decoder.completed; await decoder.decode(); answer(frame); };)"},
    {"support", R"(ask = async (frame) => { await VideoDecoder.isConfigSupported({codec: 'vp8'});
                   await ImageDecoder.isTypeSupported('image/png'); answer(frame); };)"},
    {"failure", R"(ask = (frame) => new VideoDecoder({output() {}, error: () => answer(frame)}).configure({codec: 'vp09.03.10.12',
                   description: new Uint8Array(3), codedWidth: 7e4, codedHeight: 7e4});)"},
    {"locks", "ask = (frame) => navigator.locks.request('a', () => answer(frame));"},
    {"heldLocks",
     R"(ask = (frame) => { navigator.locks.request('a', {mode: 'shared'}, () => new Promise((done) => setTimeout(done, 20)));
                       navigator.locks.request('a', () => answer(frame)); };)",
     1},
    {"sync", R"(const gl = new OffscreenCanvas(64, 64).getContext('webgl2'); let sync, asked;
                ask = (frame) => {
                  if (sync && gl.getSyncParameter(sync, gl.SYNC_STATUS) === gl.SIGNALED) answer(asked);
                  asked = frame; gl.clear(gl.COLOR_BUFFER_BIT); sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0); };)",
     1},
    {"query", R"(const gl = new OffscreenCanvas(64, 64).getContext('webgl2'); let query, asked;
                 ask = (frame) => {
                   if (query && gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE)) answer(asked);
                   asked = frame; query = gl.createQuery(); gl.beginQuery(gl.ANY_SAMPLES_PASSED, query);
                   gl.clear(gl.COLOR_BUFFER_BIT); gl.endQuery(gl.ANY_SAMPLES_PASSED); };)",
     1},
};

/// A bar of 10 px for each frame that was answered.
std::string page_of(const Way& way, bool in_worker) {
  const std::string code = std::string("let ask; ") + way.code +
                           "let n = 0; requestAnimationFrame(function next() { n += 1; ask(n); requestAnimationFrame(next); });";
  return R"(<!doctype html><style>body { margin: 0; background: #fff }
      #bar { height: 20px; width: 0; background: #00f }</style><div id="bar"></div><script>
    const answer = (frame) => { bar.style.width = frame * 10 + 'px'; };)" +
         (in_worker ? "const worker = new Worker('/" + std::string(way.name) +
                          ".js'); worker.onmessage = (event) => answer(event.data);"
                    : code) +
         "</script>";
}

std::string worker_of(const Way& way) {
  return std::string("const answer = (frame) => postMessage(frame); let ask; ") + way.code +
         "let n = 0; requestAnimationFrame(function next() { n += 1; ask(n); requestAnimationFrame(next); });";
}

int width_of_bar(const std::string& picture) {
  int width = 0;
  while (width < 320 && picture.compare((std::size_t{10} * 320 + static_cast<std::size_t>(width)) * 4, 3, "\xff\x00\x00", 3) == 0)
    ++width;
  return width;
}

}  // namespace

TEST_CASE("capture: what coders, locks and the GPU answer belongs to the frame that asked", "[capture][waiting]") {
  const bool in_worker = GENERATE(false, true);
  std::map<std::string, HttpAnswer> answers;
  for (const Way& way : ways) {
    answers[std::string("/") + way.name] = {.body = page_of(way, in_worker)};
    answers[std::string("/") + way.name + ".js"] = {.type = "text/javascript", .body = worker_of(way)};
  }
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    if (in_worker && mode != CaptureMode::shm) continue;  // a worker is the same in all of them
    Studio studio(mode);
    for (const Way& way : ways) {
      for (const std::int64_t first : {2, 5}) {
        CAPTURE(to_string(mode), way.name, in_worker, first);
        REQUIRE(studio.load(server.url(std::string("/") + way.name), {first, 7}).has_value());
        for (std::int64_t frame = first; frame < 7; ++frame) {
          CAPTURE(frame);
          CHECK(width_of_bar(studio.pictures({frame}).front()) == 10 * (static_cast<int>(frame) + 1 - way.late));
        }
      }
    }
    CHECK(!contains(studio.log(), "not waited for"));
    CHECK(!contains(studio.log(), "at another frame"));
  }
}

TEST_CASE("capture: what a decoder holds back comes with the input behind it, wherever a render begins", "[capture][waiting]") {
  const Way way{"reordering", R"(
    const decoder = new VideoDecoder({output: (picture) => { answer(picture.timestamp); picture.close(); }, error() {}});
    const coder = new VideoEncoder({output: (chunk) => decoder.decode(chunk), error() {}});
    decoder.configure({codec: 'avc1.42001f'});
    coder.configure({codec: 'avc1.42001f', width: 320, height: 240, avc: {format: 'annexb'}});
    const canvas = new OffscreenCanvas(320, 240); canvas.getContext('2d').fillRect(0, 0, 99, 99);
    ask = (frame) => { const picture = new VideoFrame(canvas, {timestamp: frame}); coder.encode(picture); picture.close(); };)"};
  const HttpServer server({{"/page", {.body = page_of(way, false)}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 14}).has_value());
    std::map<std::int64_t, int> widths;
    for (std::int64_t frame = 0; frame < 14; ++frame) widths[frame] = width_of_bar(studio.pictures({frame}).front());
    CHECK(widths[13] > 0);
    for (std::int64_t frame = 9; frame < 14; ++frame) CHECK(widths[frame] == widths[frame - 1] + 10);
    REQUIRE(studio.load(server.url("/page"), {11, 14}).has_value());
    for (std::int64_t frame = 11; frame < 14; ++frame) {
      CAPTURE(frame);
      CHECK(width_of_bar(studio.pictures({frame}).front()) == widths[frame]);
    }
    CHECK(!contains(studio.log(), "took long"));
  }
}

TEST_CASE("capture: streams of pictures in real time are named", "[capture][waiting]") {
  const HttpServer server({{"/page", {.body = R"(<canvas id="canvas"></canvas><script>
      canvas.getContext('2d');
      const stream = canvas.captureStream(0);
      new MediaRecorder(stream.clone());
      new MediaStreamTrackProcessor({track: stream.getVideoTracks()[0]});
    </script>)"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 1}).has_value());
  for (const char* name : {"MediaRecorder", "MediaStreamTrackProcessor", "captureStream()"}) {
    CHECK(contains(studio.log(), std::string(name) + " runs in real time"));
  }
  const auto strict = studio.load(server.url("/page"), {0, 1}, {}, {.strict = true});
  const auto frame = strict ? studio.take(0) : Result<Frame>(strict.error());
  REQUIRE(!frame.has_value());
  CHECK(contains(frame.error().message(), "runs in real time"));
}

TEST_CASE("capture: the window has no frame around the page, in every backend", "[capture]") {
  const HttpServer server(
      {{"/page", {.body = R"(<body style="margin: 0"><div style="height: 20px; background: #00f"></div><script>
      window.renderFrame = () => {
        document.querySelector('div').style.width = outerWidth === innerWidth && outerHeight === innerHeight ? '100px' : '10px';
      };
    </script>)"}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 1}).has_value());
    CHECK(width_of_bar(studio.pictures({0}).front()) == 100);
  }
}
