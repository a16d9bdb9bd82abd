// Smooth scrolling follows the clock, in frames that are only stepped through as in captured ones.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Square `index` of the first row: red and green are a number's bytes.
int number_in(const std::string& picture, int index) {
  constexpr int row = 8;
  const auto pixel = static_cast<std::size_t>(row * 320 + index * 16 + 8) * 4;
  return static_cast<unsigned char>(picture[pixel + 2]) * 256 + static_cast<unsigned char>(picture[pixel + 1]);
}

/// Of smooth_scrolling.html: four boxes, the page, then scrollend, scroll and kept promises of the first box.
std::vector<int> numbers_in(const std::string& picture) {
  constexpr int squares = 8;
  std::vector<int> numbers;
  for (int index = 0; index < squares; ++index) numbers.push_back(number_in(picture, index));
  return numbers;
}

}  // namespace

TEST_CASE("capture: smooth scrolls take Chromium's time on the clock, by call, by style, snapped, to an element, to a fragment",
          "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("smooth_scrolling.html", {0, 60}).has_value());
    const auto pictures = studio.pictures({3, 4, 8, 13, 14, 30, 59});
    // The first box: 400 px in a third of a second from frame 3 on, after cubic-bezier(0.4, 0, 0, 1).
    CHECK(numbers_in(pictures[0]) == std::vector<int>{0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(number_in(pictures[1], 0) == 12);
    CHECK(number_in(pictures[2], 0) == 345);
    CHECK(number_in(pictures[3], 0) == 400);
    CHECK(number_in(pictures[3], 5) == 1);   // one scrollend
    CHECK(number_in(pictures[4], 6) == 10);  // one scroll event in each of its frames
    CHECK(number_in(pictures[4], 7) == 1);
    // Where all have come to: 330 px of parts of 50 px snap to the next one.
    const int page = number_in(pictures[6], 4);
    CHECK(numbers_in(pictures[6]) == std::vector<int>{400, 2000, 350, 900, page, 1, 10, 1});
    CHECK((page > 2500 && page < 3100));
    const auto late = [&](std::int64_t frame) {
      REQUIRE(studio.load("smooth_scrolling.html", {frame, 60}).has_value());
      return numbers_in(studio.pictures({frame}).front());
    };
    CHECK(late(8) == numbers_in(pictures[2]));
    CHECK(late(30) == numbers_in(pictures[5]));
  }
}

TEST_CASE("capture: a smooth scroll ends where another begins, and an instant one ends it", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("two.html", R"(<body style="margin:0;height:9000px">
      <i style="position:fixed;left:0;width:16px;height:16px"></i><i style="position:fixed;left:16px;width:16px;height:16px"></i>
      <script>
      let broken = 0;
      const go = (top, behavior) => scrollTo({top, behavior})?.then(({interrupted}) => broken += interrupted ? 1 : 0);
      setTimeout(() => go(900, 'smooth'), 60);
      setTimeout(() => go(0, 'smooth'), 190);
      setTimeout(() => go(500, 'instant'), 260);
      requestAnimationFrame(function next() {
        requestAnimationFrame(next);
        [Math.round(scrollY), broken].forEach((value, index) => {
          document.querySelectorAll('i')[index].style.background = `rgb(${value >> 8} ${value & 255} 0)`;
        });
      });</script>)");
  REQUIRE(studio.load(page, {0, 60}).has_value());
  const auto pictures = studio.pictures({5, 7, 8, 59});
  CHECK(number_in(pictures[1], 0) > number_in(pictures[0], 0) / 2);
  CHECK(number_in(pictures[2], 0) == 500);
  CHECK(number_in(pictures[3], 0) == 500);
  CHECK(number_in(pictures[3], 1) == 2);
}

TEST_CASE("capture: a smooth scroll of a page that draws by renderFrame is told to be a jump", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("draws.html", R"(<body style="height:9000px"><script>
      window.renderFrame = (frame) => { scrollTo({top: frame * 9, behavior: 'smooth'}) };</script>)");
  REQUIRE(studio.load(page, {0, 4}).has_value());
  studio.pictures({0, 1});
  CHECK(contains(studio.log(), "a smooth scroll of a page that draws by renderFrame, or is not ready yet, is a jump"));
}
