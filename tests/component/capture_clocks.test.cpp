// Every clock that a page can ask says the frame's time.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Pixels of one colour, given as the bytes B, G, R.
int pixels_of(const std::string& picture, const std::string& bgr) {
  int count = 0;
  for (std::size_t at = 0; at < picture.size(); at += 4) count += picture.compare(at, 3, bgr) == 0 ? 1 : 0;
  return count;
}

const std::string green("\0\xff\0", 3);
const std::string red("\0\0\xff", 3);

HttpAnswer page_file(const std::string& name) {
  return {.type = name.ends_with(".js") ? "text/javascript" : "text/html",
          .body = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/" + name)};
}

}  // namespace

TEST_CASE("clocks: whatever tells the time tells the frame's, in sequence and from a late start", "[capture][clocks]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("clocks.html", {0, 37}).has_value());
    const auto pictures = studio.pictures({0, 1, 2, 3, 4, 36});
    CAPTURE(studio.log());
    for (const std::string& picture : pictures) {
      CHECK(pixels_of(picture, red) == 0);
      CHECK(pixels_of(picture, green) > 40 * 64);  // squares of 8 px, but for one
    }
    REQUIRE(studio.load("clocks.html", {36, 37}).has_value());
    CHECK((studio.pictures({36})[0] == pictures[5]));
    CHECK_FALSE(contains(studio.log(), "console.error"));
  }
}

TEST_CASE("clocks: nothing that a page can read moves with real time", "[capture][clocks]") {
  const HttpServer server({{"/page", page_file("clock_crawl.html")},
                           {"/looked-at", page_file("clock_crawl.html")},
                           {"/clock_crawl.js", page_file("clock_crawl.js")},
                           {"/slow", {.header_delay = 1100ms}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 38}, {.load = 60s, .frame = 60s}).has_value());
    const auto taken = studio.take(37);
    CAPTURE(studio.log(), taken ? "" : taken.error().message());
    REQUIRE(taken.has_value());
    CHECK(contains(studio.log(), "looked at all"));
    CHECK_FALSE(contains(studio.log(), "differs: "));
    CHECK(contains(studio.log(), "not found: nothing"));
  }
}

TEST_CASE("clocks: what was loaded took no time, and a request is not too late while the clock stands", "[capture][clocks]") {
  const HttpServer server({{"/page", {.body = R"(<body style="background:#f00"><script>
                               let frame = -1;
                               requestAnimationFrame(function step() {
                                 if (++frame === 3) {
                                   const request = new XMLHttpRequest();
                                   request.open('GET', '/slow');
                                   request.timeout = 10;
                                   request.onload = () => {
                                     const [entry] = performance.getEntriesByName(request.responseURL);
                                     const isRight = entry.startTime === 100 && entry.responseEnd === 100 && entry.duration === 0 &&
                                         entry.toJSON().fetchStart === 100 && performance.now() === 100;
                                     document.body.style.background = isRight ? '#0f0' : '#00f';
                                   };
                                   request.send();
                                 }
                                 requestAnimationFrame(step);
                               });</script>)"}},
                           {"/slow", {.header_delay = 200ms}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 5}).has_value());
    const auto pictures = studio.pictures({2, 3, 4});
    CHECK(pixels_of(pictures[0], red) > 50000);  // nearly all of 320 x 180
    CHECK(pixels_of(pictures[1], green) > 50000);
    CHECK(pixels_of(pictures[2], green) > 50000);
  }
}

TEST_CASE("clocks: a page that listens to its own sound is told that it hears nothing, once", "[capture][clocks]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("hears.html", R"(<script>
      const audio = new AudioContext();
      audio.createAnalyser();
      new AnalyserNode(audio);
      audio.createScriptProcessor();
      new OfflineAudioContext(1, 1000, 48000).createAnalyser();</script>)");
  REQUIRE(studio.load(page, {0, 1}).has_value());
  const std::string& log = studio.log();
  CAPTURE(log);
  const auto first = log.find("AnalyserNode hears silence");
  REQUIRE(first != std::string::npos);
  CHECK(log.find("AnalyserNode", first + 1) == std::string::npos);
  CHECK(contains(log, "ScriptProcessorNode is called in real time"));
}
