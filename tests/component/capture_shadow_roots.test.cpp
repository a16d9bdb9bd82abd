// Animations in shadow roots that attachShadow did not make.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr int width = 320;
constexpr int box = 10;    // px
constexpr int boxes = 12;  // one below the other

/// Where the red box of a row begins; -1 if there is none.
int left_of_box(const std::string& picture, int row) {
  const std::string red("\0\0\xff", 3);
  for (int x = 0; x < width; ++x) {
    const std::size_t pixel = (static_cast<std::size_t>(row) * box + box / 2) * width + static_cast<std::size_t>(x);
    if (picture.compare(pixel * 4, 3, red) == 0) return x;
  }
  return -1;
}

}  // namespace

TEST_CASE("shadow roots: animations run in a root however it came to be, in sequence and from a late start", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("shadow_roots.html", {0, 31}).has_value());
    const auto pictures = studio.pictures({4, 5, 6, 20, 30});
    CHECK(left_of_box(pictures[0], 0) == -1);
    for (int row = 0; row < boxes; ++row) {
      CAPTURE(row);
      CHECK(left_of_box(pictures[1], row) == 0);
      CHECK(left_of_box(pictures[2], row) == 8);
      CHECK(left_of_box(pictures[3], row) == 15 * 8);
    }
    REQUIRE(studio.load("shadow_roots.html", {30, 31}).has_value());
    CHECK((studio.pictures({30})[0] == pictures[4]));
  }
}

TEST_CASE("shadow roots: a closed one that HTML makes is told", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("closed.html", R"(<body><script>
      document.body.setHTMLUnsafe('<p><template shadowrootmode="closed">text</template></p>');</script>)");
  REQUIRE(studio.load(page, {0, 1}).has_value());
  CHECK(contains(studio.log(), "setHTMLUnsafe() makes a closed shadow root: its animations stand still"));
}
