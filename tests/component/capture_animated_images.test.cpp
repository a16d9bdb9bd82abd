// Animated GIF, APNG, WebP and AVIF show the picture of the clock's time.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr int squares = 13;

/// The grey of square `index` of the first row.
int grey_in(const std::string& picture, int index) {
  constexpr int row = 5;
  const auto pixel = static_cast<std::size_t>(row * 320 + index * 16 + 5) * 4;
  return static_cast<unsigned char>(picture[pixel]);
}

/// What animated_images.html shows in a frame: square 11 came in at frame 20, square 12 is shown two times, square 10 at 20.
int expected_grey(int index, std::int64_t frame) {
  const auto picture = [](std::int64_t frames) { return 20 + static_cast<int>(frames / 3 % 10) * 20; };
  if (index == 12) return frame >= 36 ? 60 : 20 + static_cast<int>(frame / 6 % 3) * 20;
  if (index == 11) return frame < 20 ? 255 : picture(frame - 20);
  if (index == 10 && frame < 20) return 255;
  return picture(frame);
}

void check_greys(const std::string& picture, std::int64_t frame) {
  for (int index = 0; index < squares; ++index) {
    CAPTURE(frame, index);
    CHECK(std::abs(grey_in(picture, index) - expected_grey(index, frame)) <= 2);  // AVIF is lossy
  }
}

std::string test_file(const std::string& name) {
  std::ifstream file(std::string(ORCHESTRATOR_SOURCE_DIR) + "/tests/pages/" + name, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

HttpAnswer image_answer(const std::string& name, const std::string& type) { return {.type = type, .body = test_file(name)}; }

/// Scripts of file: URLs may not read images.
std::map<std::string, HttpAnswer> animated_images() {
  std::map<std::string, HttpAnswer> answers{{"/", {.body = test_file("animated_images.html")}},
                                            {"/animated.png", image_answer("animated.png", "image/png")},
                                            {"/animated.avif", image_answer("animated.avif", "image/avif")},
                                            {"/animated.webp", image_answer("animated.webp", "image/webp")},
                                            {"/animated.webp?late", image_answer("animated.webp", "image/webp")},
                                            {"/twice.gif", image_answer("twice.gif", "image/gif")}};
  for (const char* use : {"", "?background", "?before", "?border", "?inline", "?shadow", "?set", "?in"}) {
    answers["/animated.gif" + std::string(use)] = image_answer("animated.gif", "image/gif");
  }
  return answers;
}

}  // namespace

TEST_CASE("capture: animated images follow the clock, in elements, styles and shadow roots, in every format", "[capture]") {
  const std::vector<std::int64_t> in_sequence{0, 1, 2, 3, 6, 19, 20, 23, 35, 36, 59};
  const HttpServer server(animated_images());
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/"), {0, 60}).has_value());
    const auto pictures = studio.pictures(in_sequence);
    for (std::size_t i = 0; i < pictures.size(); ++i) check_greys(pictures[i], in_sequence[i]);
    REQUIRE(studio.load(server.url("/"), {40, 60}).has_value());  // a late start
    check_greys(studio.pictures({40}).front(), 40);
    CHECK_FALSE(contains(studio.log(), "animated"));
  }
}

TEST_CASE("capture: what is translucent in an animated image is so in each of its pictures, and what is large is whole",
          "[capture]") {
  const HttpServer server({{"/", {.body = "<!doctype html><body style='margin: 0; background: #fff'><img src=/translucent.png>"}},
                           {"/translucent.png", image_answer("translucent.png", "image/png")}});
  const auto colour = [](const std::string& picture, std::size_t x, std::size_t y) {
    std::string text;
    for (std::size_t i : {2, 1, 0}) text += std::to_string(static_cast<unsigned char>(picture[(y * 320 + x) * 4 + i])) + " ";
    return text;
  };
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/"), {0, 6}).has_value());
    const auto pictures = studio.pictures({0, 3});  // 100 ms each: one of which nothing is seen, one of three colours
    for (const auto& [x, y] : {std::pair{10, 10}, {270, 80}, {10, 80}}) CHECK(colour(pictures[0], x, y) == "255 255 255 ");
    CHECK(colour(pictures[1], 10, 10) == "255 127 127 ");
    CHECK(colour(pictures[1], 10, 80) == "191 191 255 ");
    CHECK(colour(pictures[1], 270, 10) == "255 255 255 ");
    CHECK(colour(pictures[1], 270, 80) == "0 160 0 ");
    CHECK_FALSE(contains(studio.log(), "animated"));
  }
}

TEST_CASE("capture: of a large animated image only some pictures are kept, and those that come again are made again",
          "[capture]") {
  const HttpServer server({{"/", {.body = R"(<!doctype html><body style="margin: 0"><style>
      div { position: absolute; left: 16px; top: 0; width: 16px; height: 9px; background: url(/large.png) 0 0 / 16px 9px }</style>
      <img id="image" src="/large.png" width="16" style="display: block"><div></div><script>
      const seen = new Set();
      const isThere = (url) => fetch(url).then(() => true, () => false);
      let frame = -1;
      requestAnimationFrame(async function next() {
        requestAnimationFrame(next);
        const url = /blob:[^"]*/.exec(getComputedStyle(image).content)?.[0];
        if (url !== undefined) seen.add(url);
        if (++frame !== 39) return;
        const there = (await Promise.all([...seen].map(isThere))).filter(Boolean).length;
        console.warn(`${seen.size} were shown, ${there} are there`);
      });</script>)"}},
                           {"/large.png", image_answer("animated_large.png", "image/png")}});
  std::vector<std::int64_t> frames;
  for (std::int64_t frame = 0; frame < 42; frame += 3) frames.push_back(frame);
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/"), {0, 42}).has_value());
    const auto pictures = studio.pictures(frames);  // 12 of 100 ms, and the first two again
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      CAPTURE(frames[i]);
      for (int place : {0, 1}) CHECK(grey_in(pictures[i], place) == 20 + 18 * static_cast<int>(i % 12));
    }
    CHECK(contains(studio.log(), "13 were shown, 7 are there"));
  }
}

TEST_CASE("capture: animated images stand at their first picture until frame 0, however long the page loads", "[capture]") {
  const std::string page = R"(<body style="margin:0"><img src="/a.gif"><img src="/slow.gif" width=1>)";
  const HttpServer server({{"/page", {.body = page}},
                           {"/a.gif", {.type = "image/gif", .body = test_file("animated.gif")}},
                           {"/slow.gif", {.type = "image/gif", .body = test_file("animated.gif"), .header_delay = 700ms}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 4}).has_value());
    const auto pictures = studio.pictures({0, 3});
    CHECK(grey_in(pictures[0], 0) == 20);
    CHECK(grey_in(pictures[1], 0) == 40);
  }
}

TEST_CASE("capture: animated images leave no trace in the page", "[capture]") {
  const HttpServer server({{"/page", {.body = R"(<body style="margin:0"><img id="image" src="/a.gif"><script>
      let before, changes = 0;
      addEventListener('load', () => {
        before = document.documentElement.outerHTML;
        new MutationObserver(() => ++changes).observe(document, {subtree: true, childList: true, attributes: true});
      });
      let frame = -1;
      requestAnimationFrame(function next() {
        requestAnimationFrame(next);
        if (++frame !== 5) return;
        const found = [document.documentElement.outerHTML === before, image.naturalWidth, image.width, image.currentSrc.endsWith('/a.gif'), changes,
                       document.getAnimations().length, image.getAnimations().length];
        console.warn(found.join(' | '));
      });</script>)"}},
                           {"/a.gif", {.type = "image/gif", .body = test_file("animated.gif")}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 6}).has_value());
  const auto pictures = studio.pictures({0, 3, 4, 5});
  CHECK(grey_in(pictures[3], 0) == 40);
  CHECK(contains(studio.log(), "true | 16 | 16 | true | 0 | 0 | 0"));
}

TEST_CASE("capture: an animated image that cannot be stepped is told by its name", "[capture]") {
  const HttpServer other({{"/other.gif", {.type = "image/gif", .body = test_file("animated.gif")}}});
  const HttpServer server(
      {{"/page", {.body = R"(<img src=")" + other.url("/other.gif") + R"("><svg><image href="/drawn.gif"></image></svg>)"}},
       {"/drawn.gif", {.type = "image/gif", .body = test_file("animated.gif")}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 6}).has_value());
  studio.pictures({5});
  CAPTURE(studio.log());
  CHECK(contains(studio.log(), "image " + other.url("/other.gif") + " is another origin's"));
  CHECK(contains(studio.log(), "image " + server.url("/drawn.gif") + " is animated, and in an SVG <image> it runs in real time"));
}

TEST_CASE("capture: an animated picture of an element that has no other to lay over it is told by its name", "[capture]") {
  const HttpAnswer gif{.type = "image/gif", .body = test_file("animated.gif")};
  const HttpServer server(
      {{"/page", {.body = R"(<input type="image" src="/input.gif"><object data="/object"></object><embed src="/embed.gif">
          <object data="/drawing.svg"></object><object data="/still.gif"></object>)"}},
       {"/input.gif", gif},
       {"/object", gif},
       {"/embed.gif", gif},
       {"/drawing.svg", {.type = "image/svg+xml", .body = R"(<svg xmlns="http://www.w3.org/2000/svg"><rect>
          <animate attributeName="x" to="9" dur="1s"/></rect></svg>)"}},
       {"/still.gif",
        {.type = "image/gif",
         .body = "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b"s}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 3}).has_value());
  studio.pictures({1});
  CAPTURE(studio.log());
  CHECK(contains(studio.log(), "image " + server.url("/input.gif") + " is animated, and in <input type=image> it stands still"));
  CHECK(contains(studio.log(), "image " + server.url("/object") + " is animated, and in <object> it stands still"));
  CHECK(contains(studio.log(), "image " + server.url("/embed.gif") + " is animated, and in <embed> it stands still"));
  CHECK(!contains(studio.log(), "drawing.svg"));
  CHECK(!contains(studio.log(), "still.gif"));
}
