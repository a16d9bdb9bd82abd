// What a page may do to its root element, its backdrops and the browser's top layer is in the picture, and nothing of ours is.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr std::array white{255, 255, 255};
constexpr std::array red{255, 0, 0};
constexpr std::array green{0, 255, 0};
constexpr std::array blue{0, 0, 255};

std::array<int, 3> pixel(const std::string& picture, int x, int y) {
  const std::size_t at = static_cast<std::size_t>(y * 320 + x) * 4;
  const auto value = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(picture[at + i])); };
  return {value(2), value(1), value(0)};
}

/// Frames 0 to 5 of a page in tests/pages, which are the same in every backend.
std::vector<std::string> film(const std::string& page) {
  std::vector<std::string> expected;
  for (const CaptureMode mode : backends) {
    CAPTURE(page, to_string(mode));
    Studio studio(mode);
    const auto loaded = studio.load(page, {0, 6});
    REQUIRE((loaded ? "" : loaded.error().message()) == "");
    const auto pictures = studio.pictures({0, 1, 2, 3, 4, 5});
    if (expected.empty()) expected = pictures;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      CAPTURE(i);
      CHECK((pictures[i] == expected[i]));
    }
  }
  return expected;
}

std::array<int, 3> square_of(std::size_t frame) { return frame % 2 == 0 ? red : green; }

}  // namespace

TEST_CASE("capture: a page's rules for backdrops, zoom, clips and filters of its root are in the picture as written",
          "[capture]") {
  const auto backdrop = film("root_backdrop.html");
  const auto zoom = film("root_zoom.html");
  const auto clip = film("root_clip.html");
  for (std::size_t frame = 0; frame < 6; ++frame) {
    CAPTURE(frame);
    CHECK(pixel(backdrop[frame], 150, 90) == square_of(frame));
    CHECK(pixel(backdrop[frame], 0, 0) == white);
    CHECK(pixel(zoom[frame], 37, 22) == square_of(frame));
    CHECK(pixel(zoom[frame], 60, 22) == white);
    CHECK(pixel(clip[frame], 125, 90) == square_of(frame));
    CHECK(pixel(clip[frame], 175, 90) == white);
  }
}

TEST_CASE("capture: a page that hides its root element is white", "[capture]") {
  const auto hidden = film("root_hidden.html");
  for (std::size_t frame = 0; frame < 6; ++frame) {
    CAPTURE(frame);
    CHECK(pixel(hidden[frame], 150, 90) == (frame < 3 ? white : square_of(frame)));
  }
}

TEST_CASE("capture: what enters the top layer by an attribute, and a new root element, are in the picture", "[capture]") {
  for (const std::string page : {"root_top_layer.html", "root_replaced.html"}) {
    const auto pictures = film(page);
    for (std::size_t frame = 0; frame < 6; ++frame) {
      CAPTURE(page, frame);
      CHECK(pixel(pictures[frame], 150, 90) == (frame < 2 ? square_of(frame) : blue));
      CHECK(pixel(pictures[frame], 0, 0) == (frame < 2 ? white : blue));
    }
  }
}

TEST_CASE("capture: backdrop filters and blend modes over the edge of a scrolled page are the same in every backend",
          "[capture]") {
  const auto pictures = film("root_scrolled.html");
  for (std::size_t frame = 0; frame < 6; ++frame) CHECK(pixel(pictures[frame], 150, 90) == square_of(frame));
}

TEST_CASE("capture: the edge of a clip is the same whatever was drawn before, in parts or whole", "[capture]") {
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const char* clip :
         {"circle(60px at 150px 90px)", "ellipse(70px 40px at 151px 89px)", "polygon(90px 30px, 211px 47px, 131px 151px)"}) {
      CAPTURE(to_string(mode), clip);
      Studio studio(mode);
      const std::string page = studio.file("clip.html", std::string("<!doctype html><style>body { margin: 0; background: #fff }"
                                                                    "html { clip-path: ") +
                                                            clip + R"( }
        div { position: absolute; left: 100px; top: 40px; width: 100px; height: 100px }</style><body><div></div><script>
        let frame = 0;
        requestAnimationFrame(function step() {
          document.querySelector('div').style.background = frame++ % 2 ? '#0f0' : '#f00';
          requestAnimationFrame(step);
        });</script>)");
      REQUIRE(studio.load(page, {0, 8}).has_value());
      const auto pictures = studio.pictures({0, 1, 2, 3, 4});
      CHECK((pictures[0] == pictures[2] && pictures[2] == pictures[4] && pictures[1] == pictures[3]));
      REQUIRE(studio.load(page, {3, 8}).has_value());
      CHECK(studio.pictures({3}).front() == pictures[1]);
    }
  }
}

TEST_CASE("capture: a page sees nothing of what tells that it is on the screen", "[capture]") {
  Studio studio(CaptureMode::shm);
  const std::string page = studio.file("looks.html", R"(<!doctype html><body><script>
    const frame = document.body.appendChild(document.createElement('iframe'));
    const found = [document, frame.contentDocument].map((each) => each.documentElement.childNodes.length);
    const objects = [window, frame.contentWindow].map((each) => typeof each.chrome?.gpuBenchmarking);
    window.renderFrame = (n) => { if (n === 1) throw new Error(`found: ${[...found, ...objects, 'gpuBenchmarking' in chrome,
      document.documentElement.childNodes.length, document.documentElement.attributes.length]}.`); };</script>)");
  REQUIRE(studio.load(page, {0, 2}).has_value());
  REQUIRE(studio.take(0).has_value());
  const auto taken = studio.take(1);
  REQUIRE_FALSE(taken.has_value());
  CHECK(contains(taken.error().detail, "found: 2,2,undefined,undefined,false,2,0."));
}

TEST_CASE("capture: a page that a window shows only at 60 frames a second gets such a window, in the same frame", "[capture]") {
  const std::string transition =
      R"(<!doctype html><style>body { margin: 0; height: 100vh; background: #f00 } .after { background: #00f }
    </style><body><script>setTimeout(() => document.startViewTransition(() => document.body.classList.add('after')), 66);</script>)";
  Studio studio(CaptureMode::shm);
  const std::string page = studio.file("transition.html", transition);
  REQUIRE(studio.load(page, {0, 12}).has_value());
  CHECK(pixel(studio.pictures({0})[0], 150, 90) == red);
  CHECK_FALSE(contains(studio.log(), "60 frames a second"));
  CHECK(pixel(studio.pictures({1, 2, 3, 11})[3], 150, 90) == blue);  // Chromium's own takes 250 ms
  CHECK(contains(studio.log(), "60 frames a second at most: a window makes no frames during a view transition"));
  CHECK_FALSE(studio.session().lost_screen());
}
