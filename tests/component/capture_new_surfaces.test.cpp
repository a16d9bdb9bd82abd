// What has a surface of its own, such as a video, keeps nothing of the page from its frame's picture when it comes or changes.
#include "support/film_pages.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("new surfaces: a picture shows all that the page did and heard in its frame, whatever comes beside it",
          "[capture][media][surfaces]") {
  // A file: film keeps its surface; one that is served has none, and only its late start is worth a look.
  const bool has_surface = GENERATE(true, false);
  const std::vector<int> starts = has_surface ? std::vector{0, 21} : std::vector{21};
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const int first : starts) {
      CAPTURE(to_string(mode), first);
      Studio studio(mode);
      const std::string page =
          has_surface ? page_with_films(studio, "new_surfaces.html") : served_with_films(studio, "new_surfaces.html");
      REQUIRE(studio.load(page, {first, 40}).has_value());
      for (int frame = first; frame < 40; ++frame) {
        CAPTURE(frame);
        const std::string picture = studio.pictures({frame}).front();
        CHECK(number_in(picture, 0) == frame);
        CHECK(number_in(picture, 1) == frame);
      }
    }
  }
}
