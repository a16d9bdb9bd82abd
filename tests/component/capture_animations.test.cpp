// Animations stand at their frame's time, and are held still between frames: a page sees neither.
#include "support/console_lines.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// What css-animations-1 and web-animations-1 say for animation_calls.html at 30 fps. Columns: the animation that the script
/// moves, the CSS animation, the transition, the one that ends, each as rate/state/current time (every fifth frame: /start
/// time); how many are alive; the first one's position.
const char* const told = R"(0: 1/running/0/0 1/running/0/0 - 1/running/0/0 3 0
1: 1/running/33 1/running/33 - 1/running/33 3 10
animationstart
2: 1/running/67 1/running/67 - 1/running/67 3 20
3: 1/running/100 1/running/100 1/running/33 1/running/100 4 30
finished
finish
4: 2/running/167 1/paused/100 1/running/67 1/finished/120 3 50
ready
transitioncancel
5: 2/running/233/50 1/paused/100/null 1/running/33/133 1/finished/120/47 3 70
transitionend
6: -2/running/167 1/paused/100 - 1/finished/120 2 50
7: -2/running/433 1/running/133 - 1/finished/120 2 130
8: 0.5/running/450 1/running/167 - 1/finished/120 2 135
9: 0.5/paused/450 1/running/200 - 1/finished/120 2 135
10: 0.5/paused/450/null 1/running/233/100 - 1/finished/120/213 2 135
animationiteration
11: 0.5/running/467 1/running/267 - 1/finished/120 2 140
12: 0.5/running/483 1/running/300 - 1/finished/120 2 145
13: 0.5/running/550 1/running/333 - 1/finished/120 2 165
14: 0.5/finished/1000 1/running/367 - 1/finished/120 1 8
15: 0.5/finished/1000/-1500 1/running/400/100 - 1/finished/120/380 1 8
16: 0.5/running/17 1/running/433 - 1/finished/120 2 5
animationend
17: 0.5/running/33 - - 1/finished/120 1 10
18: 0.5/idle/null - - 1/finished/120 0 8
19: 0.5/idle/null - - 1/finished/120 0 8
)";

/// Moves by 10 px a frame at 30 fps.
const char* const moving_box = R"(<style>
    body { margin: 0 }
    #box { position: absolute; width: 20px; height: 20px; background: #c40; animation: move 1s linear }
    @keyframes move { to { transform: translateX(300px) } }
  </style><div id="box"></div>)";

/// Moves from 60 px to 300 px and again; after the step of frame 4 a message gives its animation another style.
std::string ending_box(const std::string& style) {
  return std::string(moving_box) + R"(<style>
      @keyframes move { from { transform: translateX(60px) } to { transform: translateX(300px) } }
      #box { animation-iteration-count: infinite }
      #box.end { )" +
         style + R"( }
    </style><script>
      let frames = 0;
      let messages = 0;
      requestAnimationFrame(function next() { if (++frames < 5) requestAnimationFrame(next); });
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => {
        if (frames < 5 || ++messages < 50) return port2.postMessage(0);  // a step has a few turns of its own
        box.className = 'end';
        console.warn('ended');
      };
      port2.postMessage(0);
    </script>)";
}

/// In px, or -1. Row 10 has nothing but the box; its green is 68 (#c40), on white.
int left_of_box(const std::string& picture) {
  constexpr std::size_t width = 320;
  for (std::size_t x = 0; x < width; ++x) {
    if (static_cast<unsigned char>(picture[(10 * width + x) * 4 + 1]) == 68) return static_cast<int>(x);
  }
  return -1;
}

}  // namespace

TEST_CASE("capture: a page finds its animations as it left them, at the frame's time and at their true rate", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("animation_calls.html", {0, 20}).has_value());
    REQUIRE(studio.pictures({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}).size() == 20);
    CHECK(console_lines(studio.log(), "warn") == told);
  }
}

TEST_CASE("capture: an animation that is paused between two frames stays where it was", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("paused.html", std::string(moving_box) + R"(<script>
        const pause = (done) => { box.style.animationPlayState = 'paused'; done(); };
        let paused;
        window.renderFrame = (frame) => {
          if (frame === 3) paused = new Promise((done) => setTimeout(pause, 0, done));
          if (frame > 3) return paused;
        };
      </script>)");
    REQUIRE(studio.load(page, {0, 8}).has_value());
    const auto pictures = studio.pictures({3, 4, 5, 6});
    CHECK(left_of_box(pictures[2]) >= 30);  // 40 if the timer came that late
    CHECK(left_of_box(pictures[3]) == left_of_box(pictures[2]));
  }
}

TEST_CASE("capture: a style that a load handler changes is drawn with the animation where it was", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("late.html", std::string(moving_box) + R"(<script>
        let frame = 0;
        requestAnimationFrame(function next() {
          if (frame++ === 4) {
            const image = new Image();
            image.onload = () => { box.style.animationPlayState = 'paused'; };
            image.src = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
          }
          requestAnimationFrame(next);
        });
      </script>)");
    REQUIRE(studio.load(page, {0, 8}).has_value());
    const auto pictures = studio.pictures({2, 4, 5, 6});
    CHECK(left_of_box(pictures[0]) == 20);
    CHECK(left_of_box(pictures[1]) == 40);
    CHECK(left_of_box(pictures[2]) == 40);
    CHECK(left_of_box(pictures[3]) == 40);
  }
}

TEST_CASE("capture: an animation that a message ends between two frames stays where it ended", "[capture]") {
  struct End {
    const char* style;
    int left;
  };
  const End ends[] = {{"animation-duration: .1s; animation-iteration-count: 1; animation-fill-mode: forwards", 300},
                      {"animation-duration: .1s; animation-iteration-count: .5; animation-fill-mode: both", 180},
                      {"animation-duration: .1s; animation-iteration-count: 1", 0}};
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const End& end : ends) {
      CAPTURE(to_string(mode), end.style);
      const std::string page = studio.file("ended.html", ending_box(end.style));
      REQUIRE(studio.load(page, {0, 1000}).has_value());
      const auto before = studio.log().size();
      std::int64_t frame = 0;
      while (frame < 900 && studio.log().find("ended", before) == std::string::npos) studio.pictures({frame++});
      CHECK(left_of_box(studio.pictures({frame, frame + 1})[1]) == end.left);
    }
  }
}

TEST_CASE("capture: animations of what is not in the document follow the clock and end", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("outside.html", R"(<body style="margin: 0; background: #fff">
      <div id="box" style="position: absolute; width: 20px; height: 20px; background: #048"></div><script>
        const effect = new KeyframeEffect(null, null, 1000);
        new Animation(effect).play();
        const outside = document.createElement('div').animate({opacity: [0, 1]}, 200);
        let extra = 0;
        outside.onfinish = () => { extra = 100; };
        requestAnimationFrame(function next() {
          box.style.left = `${Math.round(effect.getComputedTiming().progress * 150) + extra}px`;
          requestAnimationFrame(next);
        });
      </script>)");
    REQUIRE(error_of(studio.load(page, {0, 12})) == "");
    const auto pictures = studio.pictures({0, 3, 9});
    CHECK(left_of_box(pictures[0]) == 0);
    CHECK(left_of_box(pictures[1]) == 15);
    CHECK(left_of_box(pictures[2]) == 145);  // 45 at 300 ms, and the other has ended at 200 ms
  }
}
