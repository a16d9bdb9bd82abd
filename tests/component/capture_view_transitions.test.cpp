// View transitions: frames are the same wherever a chunk begins.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

// A window makes no frames in a view transition, which is told (capture_root.test.cpp).
constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// A view transition of 200 ms, from red to blue, begins at frame 3: `code`, which calls change() in it.
struct Way {
  const char* name;
  const char* code;
};

constexpr Way ways[] = {
    {"timer", "setTimeout(() => document.startViewTransition(change), 100)"},
    {"frame",
     "let n = 0; requestAnimationFrame(function next() { if (n++ === 3) document.startViewTransition(change);"
     "requestAnimationFrame(next); })"},
    {"element", "setTimeout(() => box.startViewTransition(change), 100)"},
    {"fetch", "setTimeout(() => document.startViewTransition(async () => { await fetch('/slow'); change(); }), 100)"},
    {"import", "setTimeout(() => document.startViewTransition(async () => { await import('/slow'); change(); }), 100)"},
    {"second",
     "setTimeout(() => { const first = document.startViewTransition(() => {});"
     "first.skipTransition(); first.finished.then(() => document.startViewTransition(change)); }, 100)"},
};

std::string page_of(const Way& way) {
  return R"(<!doctype html><style>
      body { margin: 0 }
      #box { height: 180px; background: #f00; contain: layout; view-transition-scope: all }
      #box.after { background: #00f }
      ::view-transition-group(*), ::view-transition-old(*), ::view-transition-new(*) {
        animation-duration: 0.2s; animation-timing-function: linear;
      }
    </style><div id="box"></div><script>
      const change = () => { box.className = 'after' };
      )" +
         std::string(way.code) + ";</script>";
}

int channel(const std::string& picture, std::size_t index) {
  return static_cast<unsigned char>(picture[(std::size_t{90} * 320 + 160) * 4 + index]);
}

/// How far from red to blue, in 255ths; -1 if it is no mixture of them. Software compositing rounds.
int progress_of(const std::string& picture) {
  const int blue = channel(picture, 0);
  const bool is_mixture = channel(picture, 1) <= 3 && std::abs(channel(picture, 2) + blue - 255) <= 3;
  return is_mixture ? blue : -1;
}

int right_progress(std::int64_t frame) { return static_cast<int>(std::clamp<std::int64_t>(frame - 3, 0, 6) * 255 / 6); }

}  // namespace

TEST_CASE("capture: a view transition begins in its frame and follows the clock, wherever a chunk begins",
          "[capture][transition]") {
  std::map<std::string, HttpAnswer> answers{{"/slow", {.type = "text/javascript", .body = "0", .header_delay = 100ms}}};
  for (const Way& way : ways) answers[std::string("/") + way.name] = {.body = page_of(way)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const Way& way : ways) {
      for (const std::int64_t first : {0, 4, 11}) {
        CAPTURE(to_string(mode), way.name, first);
        REQUIRE(error_of(studio.load(server.url(std::string("/") + way.name), {first, 12})) == "");
        for (std::int64_t frame = first; frame < 12; ++frame) {
          CAPTURE(frame);
          CHECK(std::abs(progress_of(studio.pictures({frame}).front()) - right_progress(frame)) <= 3);
        }
      }
    }
    if (mode != CaptureMode::shm) CHECK_FALSE(contains(studio.log(), "view transition"));  // it tells of another window
  }
}

TEST_CASE("capture: a view transition is over in the frame in which its animations are", "[capture][transition]") {
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const char* style : {"animation-duration: 0.2s", "animation: none"}) {
      const std::string page = studio.file("over.html", std::string(R"(<!doctype html><style>
          body { margin: 0; height: 180px; background: #f00 }
          ::view-transition-group(*), ::view-transition-old(*), ::view-transition-new(*) { )") +
                                                            style + R"( }
        </style><body><script>
          setTimeout(() => document.startViewTransition(() => { document.body.style.background = '#0f0' }).finished.then(
            () => { document.body.style.background = '#00f' }), 100);
        </script>)");
      const std::int64_t end = std::string(style) == "animation: none" ? 3 : 9;
      for (const std::int64_t first : {0, 8, 9}) {
        CAPTURE(to_string(mode), style, first);
        REQUIRE(error_of(studio.load(page, {first, 11})) == "");
        for (std::int64_t frame = first; frame < 11; ++frame) {
          CAPTURE(frame);
          CHECK((progress_of(studio.pictures({frame}).front()) == 255) == (frame >= end));
        }
      }
    }
  }
}

TEST_CASE("capture: a view transition that cannot follow the clock is told", "[capture][transition]") {
  Studio studio(CaptureMode::screenshot);
  const std::string waits = studio.file("waits.html", R"(<body><script>
      setTimeout(() => document.startViewTransition(() => new Promise((done) => setTimeout(done, 100))), 50);</script>)");
  REQUIRE(error_of(studio.load(waits, {4, 6})) == "");
  studio.pictures({4});
  CHECK(contains(studio.log(), "a view transition is left out: what its update callback waits for takes time"));
  const std::string draws = studio.file("draws.html", R"(<body><script>
      window.renderFrame = (frame) => { if (frame === 2) document.startViewTransition(() => {}); };</script>)");
  REQUIRE(error_of(studio.load(draws, {2, 3})) == "");
  studio.pictures({2});
  CHECK(contains(studio.log(), "with window.renderFrame it is another picture in each chunk"));
  const std::string film = studio.file("film.html", R"(<body><video></video><script>
      setTimeout(() => document.startViewTransition(() => {}), 50);</script>)");
  REQUIRE(error_of(studio.load(film, {2, 3})) == "");
  studio.pictures({2});
  CHECK(contains(studio.log(), "videos and animated images may be at an earlier frame"));
}
