// What the browser does only in frames of its own, or only once a script has ended: the same in frames that nobody captures.
#include "support/colour_at.hpp"
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

std::string each_frame(const std::string& act) {
  return "let frame = -1; requestAnimationFrame(function next() { ++frame; " + act + "; requestAnimationFrame(next); });";
}

/// Frame 8 on the way from frame 0, and reached at once, in all backends.
template <class Check>
void at_frame_8(const std::string& page, Check check) {
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    const std::string file = studio.file("page.html", page);
    for (const bool straight : {false, true}) {
      CAPTURE(to_string(mode), straight);
      REQUIRE(error_of(studio.load(file, {0, 9})) == "");
      const auto pictures = straight ? studio.pictures({8}) : studio.pictures({0, 1, 2, 3, 4, 5, 6, 7, 8});
      check(pictures.back());
    }
  }
}

}  // namespace

TEST_CASE("native frames: a WebGL canvas is empty at each frame's start unless it asks to keep its buffer", "[capture]") {
  at_frame_8(
      "<body style='margin: 0; background: #fff'><canvas id='canvas' width='320' height='180'></canvas><script>"
      "const gl = canvas.getContext('webgl'); gl.enable(gl.SCISSOR_TEST); gl.clearColor(1, 0, 0, 1);" +
          each_frame("gl.scissor(frame * 20, 0, 20, 180); gl.clear(gl.COLOR_BUFFER_BIT)") + "</script>",
      [](const std::string& picture) {
        CHECK(colour_at(picture, 170, 90) == 0xff0000);
        for (const std::size_t x : {10U, 90U, 150U, 190U}) CHECK(colour_at(picture, x, 90) == 0xffffff);
      });
}

TEST_CASE("native frames: a box keeps the fallback position that it took in a frame that nobody captures", "[capture]") {
  // It does not fit above the anchor in frames 4 and 5, and stays below it from then on, as it still fits there.
  at_frame_8(R"(<style>body { margin: 0; height: 180px; overflow: hidden; background: #fff }
      #anchor { position: absolute; anchor-name: --a; left: 100px; top: 80px; width: 40px; height: 20px; background: #888 }
      #box { position: absolute; position-anchor: --a; position-area: top; position-try-fallbacks: bottom; width: 40px; height: 40px;
             background: #f00 }</style><div id="anchor"></div><div id="box"></div><script>)" +
                 each_frame("if (frame === 4) anchor.style.top = '10px'; if (frame === 6) anchor.style.top = '80px'") +
                 "</script>",
             [](const std::string& picture) {
               CHECK(colour_at(picture, 120, 120) == 0xff0000);
               CHECK(colour_at(picture, 120, 60) == 0xffffff);
             });
}

TEST_CASE("native frames: what a callback's promises lead to is done before the next callback", "[capture]") {
  at_frame_8(R"(<body><script>let isReady = false;
      requestAnimationFrame(function first() {
        isReady = false;
        Promise.resolve().then(() => 0).then(() => { isReady = true; });
        requestAnimationFrame(first);
      });)" + each_frame("document.body.style.background = isReady ? '#0f0' : '#f00'") +
                 "</script>",
             [](const std::string& picture) { CHECK(colour_at(picture, 160, 90) == 0x00ff00); });
}

TEST_CASE("native frames: new addresses of a page that does not change hold up no frame", "[capture]") {
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const char* navigate : {"history.pushState(0, '')", "location.hash = frame", "navigation.navigate(`#${frame}`)"}) {
      CAPTURE(to_string(mode), navigate);
      const std::string page = studio.file("page.html", "<body style='background: #00f'><script>" +
                                                            each_frame("if (frame < 4) " + std::string(navigate)) + "</script>");
      REQUIRE(error_of(studio.load(page, {0, 6}, {.frame = 10s})) == "");
      for (const std::string& picture : studio.pictures({0, 1, 2, 3, 4, 5})) CHECK(colour_at(picture, 160, 90) == 0x0000ff);
    }
  }
}

TEST_CASE("native frames: a form that is not valid shows no bubble", "[capture]") {
  at_frame_8("<body style='margin: 0; background: #00f'><form id='form'><input required style='opacity: 0'></form><script>" +
                 each_frame("if (frame === 3) form.reportValidity()") + "</script>",
             [](const std::string& picture) {
               for (std::size_t y = 30; y < 180; y += 5) CHECK(colour_at(picture, 80, y) == 0x0000ff);
             });
}

TEST_CASE("native frames: every backend has a mouse", "[capture]") {
  at_frame_8(
      "<style>body { background: #f00 } @media (hover: hover) and (pointer: fine) and (any-hover: hover) and "
      "(any-pointer: fine) { body { background: #0f0 } }</style>",
      [](const std::string& picture) { CHECK(colour_at(picture, 160, 90) == 0x00ff00); });
}

TEST_CASE("native frames: random() of CSS, which no clock can hold, is warned of", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("page.html", "<style>i { width: random(10px, 150px) }</style><i>x</i>");
  REQUIRE(error_of(studio.load(page, {0, 1})) == "");
  CHECK(contains(studio.log(), "random() in a style sheet"));
  PageSettings strict;
  strict.strict = true;
  CHECK(contains(error_of(studio.load(page, {0, 1}, {}, strict)), "random() in a style sheet"));
}
