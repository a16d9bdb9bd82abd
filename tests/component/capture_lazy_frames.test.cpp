// <iframe loading="lazy">: loads as if it were not lazy, so that its time begins at the same frame in every render.
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr std::int64_t frame_of_scroll = 5;
constexpr std::int64_t last_frame = 9;

/// A red square moves 12 px a frame by CSS, a blue one below it by performance.now(); both from the left edge on.
constexpr const char* inner = R"(<!doctype html><style>
    body { margin: 0; background: #fff }
    @keyframes move { from { left: 0 } to { left: 360px } }
    div { position: absolute; top: 0; width: 12px; height: 12px; background: #f00; animation: move 1s linear both }
    p { position: absolute; margin: 0; top: 20px; width: 12px; height: 12px; background: #00f; left: 0 }
  </style><div></div><p></p><script>
    const start = performance.now();
    const step = () => {
      document.querySelector('p').style.left = Math.round((performance.now() - start) * 0.36) + 'px';
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  </script>)";

/// How a lazy <iframe> comes into a box that is far below the view until frame 5: `html` or `script`, which runs at frame 3.
struct Way {
  const char* name;
  const char* html;
  const char* script;
  std::int64_t born{0};  ///< the frame in which it loads
};

constexpr Way ways[] = {
    {"from the start", "<iframe loading=lazy src=/inner></iframe>", ""},
    {"of another origin", "<iframe loading=lazy sandbox=allow-scripts src=/inner></iframe>", ""},
    {"in a frame", "<iframe srcdoc='<style>body{margin:0}iframe{border:0}</style><iframe loading=lazy src=/inner>'></iframe>",
     ""},
    {"sent later", "<iframe loading=lazy></iframe>", "document.querySelector('iframe').src = '/inner'", 3},
    {"added later", "", "Object.assign(box.appendChild(document.createElement('iframe')), {loading: 'lazy', src: '/inner'})", 3},
    {"parsed later", "", "box.innerHTML = '<iframe loading=lazy src=/inner></iframe>'", 3},
};

/// 20000 px down: nearer than 4000 px Chromium may load it by itself.
std::string page_of(const Way& way) {
  return R"(<!doctype html><style>
      body { margin: 0; background: #888; height: 30000px }
      #box { position: absolute; left: 0; top: 20000px }
      iframe { width: 310px; height: 40px; border: 0; display: block }
    </style><div id="box">)" +
         std::string(way.html) + R"(</div><script>
      setTimeout(() => { )" +
         way.script + R"( }, 100);
      setTimeout(() => scrollTo(0, 20000), 160);
    </script>)";
}

/// The first x in row `y` where the picture has this colour (B, G, R); -1 if none has.
int left_of(const std::string& picture, std::size_t y, const char* bgr) {
  for (std::size_t x = 0; x < 320; ++x) {
    if (picture.compare((y * 320 + x) * 4, 3, bgr, 3) == 0) return static_cast<int>(x);
  }
  return -1;
}

}  // namespace

TEST_CASE("capture: a lazy frame loads when it comes in, not when it comes into view", "[capture][waiting]") {
  std::map<std::string, HttpAnswer> answers{{"/inner", {.body = inner, .header_delay = 150ms}}};
  std::size_t number = 0;
  for (const Way& way : ways) answers["/" + std::to_string(number++)] = {.body = page_of(way)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (std::size_t i = 0; i < number; ++i) {
      for (const std::int64_t first : {0, 6}) {
        CAPTURE(to_string(mode), ways[i].name, first);
        REQUIRE(error_of(studio.load(server.url("/" + std::to_string(i)), {first, last_frame})) == "");
        for (std::int64_t frame = first; frame < last_frame; ++frame) {
          CAPTURE(frame);
          const auto picture = studio.pictures({frame}).front();
          const int expected = frame < frame_of_scroll ? -1 : 12 * static_cast<int>(frame - ways[i].born);
          CHECK(left_of(picture, 6, "\x00\x00\xff") == expected);
          CHECK(left_of(picture, 26, "\xff\x00\x00") == expected);
        }
      }
    }
  }
}
