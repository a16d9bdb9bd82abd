// What has a surface of its own, such as a video, keeps nothing of the page from its frame's picture when it comes or changes.
#include "support/counting_films.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

std::string page_with_films(const Studio& studio) {
  std::ifstream page(ORCHESTRATOR_SOURCE_DIR "/tests/pages/new_surfaces.html");
  std::stringstream text;
  text << page.rdbuf();
  const std::string file = studio.file("new_surfaces.html", text.str());
  make_counting_films(text.str(), std::filesystem::path(file).parent_path());
  return file;
}

int number_in(const std::string& picture, std::size_t strip) {
  int number = 0;
  for (std::size_t bit = 0; bit < 8; ++bit) {
    const std::size_t pixel = (strip * 18 + 8) * 320 + bit * 16 + 8;
    if (static_cast<unsigned char>(picture[pixel * 4 + 1]) > 128) number |= 1 << bit;
  }
  return number;
}

}  // namespace

TEST_CASE("new surfaces: a picture shows all that the page did and heard in its frame, whatever comes beside it",
          "[capture][media][surfaces]") {
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const int first : {0, 21}) {
      CAPTURE(to_string(mode), first);
      Studio studio(mode);
      REQUIRE(studio.load(page_with_films(studio), {first, 40}).has_value());
      for (int frame = first; frame < 40; ++frame) {
        CAPTURE(frame);
        const std::string picture = studio.pictures({frame}).front();
        CHECK(number_in(picture, 0) == frame);
        CHECK(number_in(picture, 1) == frame);
      }
    }
  }
}
