// What has a surface of its own, such as a video, keeps nothing of the page from its frame's picture when it comes or changes.
#include "support/film_pages.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("new surfaces: a picture shows all that the page did and heard in its frame, whatever comes beside it",
          "[capture][media][surfaces]") {
  const auto address = GENERATE(served_with_films, page_with_films);  // a file: film keeps its surface
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const int first : {0, 21}) {
      CAPTURE(to_string(mode), first);
      Studio studio(mode);
      REQUIRE(studio.load(address(studio, "new_surfaces.html"), {first, 40}).has_value());
      for (int frame = first; frame < 40; ++frame) {
        CAPTURE(frame);
        const std::string picture = studio.pictures({frame}).front();
        CHECK(number_in(picture, 0) == frame);
        CHECK(number_in(picture, 1) == frame);
      }
    }
  }
}
