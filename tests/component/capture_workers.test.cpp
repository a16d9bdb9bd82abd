// Dedicated workers live by the page's clock; what does not is told by name.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
const std::string green("\0\xff\0", 3);
const std::string red("\0\0\xff", 3);

int pixels_of(const std::string& picture, const std::string& bgr) {
  int count = 0;
  for (std::size_t at = 0; at < picture.size(); at += 4) count += picture.compare(at, 3, bgr) == 0 ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("workers: classic, module, late and nested ones live by the page's clock", "[capture][workers]") {
  const HttpServer server({{"/page", {.body = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/workers.html")}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 31}).has_value());
    const auto pictures = studio.pictures({0, 1, 2, 12, 30});
    CAPTURE(studio.log());
    for (const std::string& picture : pictures) {
      CHECK(pixels_of(picture, red) == 0);
      CHECK(pixels_of(picture, green) == 4 * 8 * 64);  // 4 workers, 8 promises, squares of 8 px
    }
    REQUIRE(studio.load(server.url("/page"), {30, 31}).has_value());
    CHECK((studio.pictures({30})[0] == pictures[4]));
    CHECK_FALSE(contains(studio.log(), "console.error"));
  }
}

TEST_CASE("workers: a page is waited for neither longer nor shorter than its workers take", "[capture][workers]") {
  const HttpServer server({{"/page", {.body = R"(<body style="background:#f00"><script>
           const worker = new Worker('/worker.js');
           new Worker('/missing.js');
           new Worker(URL.createObjectURL(new Blob(['this is no script']))).onerror = (event) => event.preventDefault();
           new Worker(URL.createObjectURL(new Blob(['close()'])));
           new Worker('/worker.js').terminate();
           let frame = -1;
           worker.onmessage = ({data}) => { document.body.style.background = data === frame ? '#0f0' : '#00f'; };
           requestAnimationFrame(function step() {
             worker.postMessage(++frame);
             requestAnimationFrame(step);
           });</script>)"}},
                           {"/worker.js",
                            {.type = "text/javascript",
                             .body = "onmessage = async ({data}) => { await (await fetch('/data')).text(); postMessage(data); }",
                             .header_delay = 300ms}},
                           {"/data", {.header_delay = 30ms}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 8}).has_value());
    for (const std::string& picture : studio.pictures({0, 1, 7})) CHECK(pixels_of(picture, green) > 50000);
  }
}

TEST_CASE("workers: a page that draws by renderFrame may ask its workers", "[capture][workers]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("asks.html", R"(<body><script>
        const worker = new Worker(URL.createObjectURL(new Blob([`onmessage = () => setTimeout(() => postMessage(Date.now()), 5);`])));
        window.renderFrame = (frame) => new Promise((resolve) => {
          worker.onmessage = ({data}) => {
            document.body.style.background = data === Math.floor(Date.UTC(2024, 0, 1) + frame * 1000 / 30) ? '#0f0' : '#f00';
            resolve();
          };
          worker.postMessage(0);
        });</script>)");
    REQUIRE(studio.load(page, {0, 31}).has_value());
    for (const std::string& picture : studio.pictures({0, 7, 3})) CHECK(pixels_of(picture, green) > 50000);
  }
}

TEST_CASE("workers: what one draws on an OffscreenCanvas is in the picture of its frame", "[capture][workers]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("offscreen_canvas.html", {0, 31}).has_value());
    std::vector<std::int64_t> frames;
    for (std::int64_t frame = 0; frame <= 30; ++frame) frames.push_back(frame);
    const auto pictures = studio.pictures(frames);
    for (const std::int64_t frame : frames) {
      CAPTURE(frame);
      const std::string& picture = pictures[static_cast<std::size_t>(frame)];
      for (const std::size_t row : {30U, 90U, 150U}) {  // two canvases and an element of the page
        CHECK(static_cast<unsigned char>(picture[(row * 320 + 160) * 4 + 2]) == frame * 8);
      }
    }
    REQUIRE(studio.load("offscreen_canvas.html", {30, 31}).has_value());
    CHECK((studio.pictures({30})[0] == pictures[30]));
  }
}

TEST_CASE("workers: what keeps the browser's clock is told with its URL", "[capture][workers]") {
  const HttpServer server({{"/page", {.body = R"(<script>
                               new SharedWorker('/shared.js');
                               navigator.serviceWorker.register('/service.js').catch(() => {});
                               new AudioContext().audioWorklet.addModule('/worklet.js').catch(() => {});</script>)"}},
                           {"/shared.js", {.type = "text/javascript"}},
                           {"/service.js", {.type = "text/javascript"}},
                           {"/worklet.js", {.type = "text/javascript"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 1}).has_value());
  CAPTURE(studio.log());
  for (const char* what : {"shared worker /shared.js", "service worker /service.js", "audio worklet /worklet.js"}) {
    CAPTURE(what);
    CHECK(contains(studio.log(), std::string(what) + " keeps the browser's own clock"));
  }
}
