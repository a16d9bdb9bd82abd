// What a page calls on a running animation takes effect with the film's next frame, whatever frames the browser makes meanwhile.
#include "support/http_server.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

struct Call {
  const char* name;
  const char* code;           ///< with `a`, which goes 10 px a frame
  std::array<int, 5> places;  ///< in px at frames 8 to 12
  bool of_css = false;        ///< tried with a CSS animation, too
};

constexpr Call calls[] = {
    {"reverse", "setTimeout(() => a.reverse(), 310)", {80, 90, 100, 90, 80}, true},
    {"onFrame", "setTimeout(() => a.reverse(), 300)", {80, 90, 80, 70, 60}},
    {"slower", "setTimeout(() => a.updatePlaybackRate(.5), 310)", {80, 90, 100, 105, 110}},
    {"back", "setTimeout(() => a.updatePlaybackRate(-2), 310)", {80, 90, 100, 80, 60}, true},
    {"twice", "setTimeout(() => a.reverse(), 310); setTimeout(() => a.updatePlaybackRate(3), 320)", {80, 90, 100, 130, 160}},
    {"await", "setTimeout(async () => { await 0; a.reverse(); }, 310)", {80, 90, 100, 90, 80}},
    {"fetch", "setTimeout(() => fetch('/data').then(() => a.reverse()), 310)", {80, 90, 100, 90, 80}},
    {"interval", "setInterval(() => a.reverse(), 310)", {80, 90, 100, 90, 80}, true},
    {"rate", "setTimeout(() => { a.currentTime = 600; a.playbackRate = -1; }, 310)", {80, 90, 170, 160, 150}},
    {"moved", "setTimeout(() => { a.reverse(); a.currentTime = 600; }, 310)", {80, 90, 190, 180, 170}},
    {"replayed", "setTimeout(() => a.pause(), 250); setTimeout(() => a.play(), 310)", {70, 70, 70, 80, 90}},
    {"frame",
     "let n = 0; requestAnimationFrame(function f() { if (n++ === 10) a.reverse(); requestAnimationFrame(f); })",
     {80, 90, 100, 90, 80}},
};

std::string page_of(const Call& call, bool in_css) {
  const std::string begin = in_css ? "box.className = 'css'; const a = box.getAnimations()[0];"
                                   : "const a = box.animate({left: ['0px', '300px']}, 1000);";
  return R"(<!doctype html><style>
      body { margin: 0; background: #fff }
      #box { position: absolute; width: 20px; height: 20px; background: #00f }
      .css { animation: move 1s linear infinite alternate }
      @keyframes move { from { left: 0 } to { left: 300px } }
    </style><div id="box"></div><script>)" +
         begin + call.code + "</script>";
}

int left_of_box(const std::string& picture) {
  for (std::size_t x = 0; x < 320; ++x) {
    if (picture.compare((std::size_t{10} * 320 + x) * 4, 3, "\xff\x00\x00", 3) == 0) return static_cast<int>(x);
  }
  return -1;
}

}  // namespace

TEST_CASE("capture: an animation that the page turns goes on until the film's next frame and turns there", "[capture]") {
  const bool in_css = GENERATE(false, true);
  std::map<std::string, HttpAnswer> answers{{"/data", {.type = "text/plain", .body = "x"}}};
  for (const Call& call : calls) answers[std::string("/") + call.name] = {.body = page_of(call, in_css)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const Call& call : calls) {
      if (in_css && !call.of_css) continue;
      for (const std::int64_t first : {8, 11}) {
        CAPTURE(to_string(mode), call.name, in_css, first);
        REQUIRE(studio.load(server.url(std::string("/") + call.name), {first, 13}).has_value());
        for (std::int64_t frame = first; frame < 13; ++frame) {
          CAPTURE(frame);
          CHECK(left_of_box(studio.pictures({frame}).front()) == call.places.at(static_cast<std::size_t>(frame - 8)));
        }
      }
    }
  }
}
