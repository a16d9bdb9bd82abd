// Libraries that move things on a page by themselves (tests/libraries_project): they follow the page's clock.
#include "support/film.hpp"
#include "support/sandbox.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

using namespace orchestrator::test;

namespace {

constexpr std::size_t page_width = 320;

DecodedFilm film_of_library(const std::string& name) {
  Sandbox sandbox;
  const std::string page = std::string(ORCHESTRATOR_LIBRARIES) + "/site/" + name + ".html";
  const ToolEnd end = sandbox.run({"render", page, "-o", sandbox.film().string(), "--crf", "0", "--preset", "ultrafast",
                                   "--pixel-format", "rgb24", "--chunks", "3"});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  return decode_film(sandbox.film(), "rgb24", page_width * 180 * 3);
}

/// How many pixels of a bar's middle row are blue from the left edge on.
int bar_length(const DecodedFilm& film, std::size_t frame, std::size_t number) {
  int length = 0;
  const std::size_t row = (20 * number + 10) * page_width;
  while (film.rgb(frame, row + static_cast<std::size_t>(length)) == std::array<int, 3>{0, 0, 255}) ++length;
  return length;
}

struct MovedBars {
  std::string library{};
  std::size_t bars{1};
  int ahead{0};      ///< pixels, from the second frame on
  int tolerance{0};  ///< pixels
};

}  // namespace

TEST_CASE("libraries: what they move stands where their time says, in every frame of every chunk", "[libraries]") {
  if (!std::filesystem::exists(std::string(ORCHESTRATOR_LIBRARIES) + "/installed")) {
    std::cout << "skipped: there are no pages with libraries; the test \"install libraries\" says why\n";
    return;
  }
  // p5.js draws first when a frame's time has passed. anime.js counts whole milliseconds, from the beginning of one of its own
  // frames of 1/60 s since 1970: 13 ms before frame 0.
  const MovedBars moved = GENERATE(MovedBars{"gsap", 2}, MovedBars{"anime", 2, 4, 1}, MovedBars{"lottie", 2, 0, 1},
                                   MovedBars{"three"}, MovedBars{"p5", 2}, MovedBars{"d3"});
  CAPTURE(moved.library);
  const DecodedFilm film = film_of_library(moved.library);
  REQUIRE(film.frames() == 24);
  for (std::size_t frame = 0; frame < 24; ++frame) {
    CAPTURE(frame);
    for (std::size_t number = 0; number < moved.bars; ++number) {
      const int expected = frame == 0 ? 0 : 10 * static_cast<int>(frame) + moved.ahead;
      CHECK(std::abs(bar_length(film, frame, number) - expected) <= moved.tolerance);
    }
  }
}
