#include "worker/still_watch.hpp"

#include "base/base64.hpp"
#include "capture/one_colour.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace orchestrator;

namespace {

Frame frame_of(const std::string& pixels, bool unchanged = false) {
  auto buffer = std::make_shared<const std::string>(pixels);
  return {.bytes = std::as_bytes(std::span(*buffer)), .unchanged = unchanged, .buffer = buffer};
}

std::optional<StillPicture> seen(std::vector<Frame> frames) {
  StillWatch watch;
  for (Frame& frame : frames) watch.see(frame);
  return watch.picture(FrameLayout::bgr0);
}

bool one_colour(const std::string& base64) {
  const auto bytes = decode_base64(base64);
  REQUIRE(bytes.has_value());
  return is_one_colour(*bytes, FrameLayout::png);
}

const Frame red = frame_of("\x01\x02\xff-\x01\x02\xff."), two = frame_of("\x01\x02\xff-\x01\x03\xff-");

}  // namespace

TEST_CASE("still watch: frames that were not copied again, and frames that are equal, show one picture", "[worker]") {
  const auto picture = seen({two, frame_of("\x01\x02\xff-\x01\x03\xff-", true), frame_of("\x01\x02\xff-\x01\x03\xff-")});
  REQUIRE(picture.has_value());
  CHECK(picture->sha256 == "6a52b0e52de94544746efefd9d58c290acd1b0d2afd7c0d902a39fa9c40e7409");
  CHECK_FALSE(picture->one_colour);
  CHECK(seen({two}) == picture);
}

TEST_CASE("still watch: a frame that is found to be equal is unchanged from then on, the first one is not", "[worker]") {
  StillWatch watch;
  for (const bool expected : {false, true, true}) {
    Frame again = frame_of("\x01\x02\xff-");
    watch.see(again);
    CHECK(again.unchanged == expected);
  }
  Frame other = red;
  watch.see(other);
  CHECK_FALSE(other.unchanged);
}

TEST_CASE("still watch: one frame that differs is enough, wherever it is", "[worker]") {
  CHECK_FALSE(seen({two, red}).has_value());
  CHECK_FALSE(seen({two, red, two}).has_value());
  CHECK_FALSE(seen({two, two, red, two, two}).has_value());
  CHECK_FALSE(seen({}).has_value());
}

TEST_CASE("still watch: pixels have one colour whatever their fourth byte is", "[worker]") {
  CHECK(seen({red})->one_colour);
  CHECK_FALSE(seen({two})->one_colour);
}

// Pictures of 4x5 pixels, which have all five filters of the format.
TEST_CASE("one colour: a PNG is read, whatever filters its rows have", "[worker]") {
  CHECK(
      one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAIAAADtz9qMAAAABUlEQVR4nGM4EUUGRasAAAAaSURBVMUOR4xAzAADTAxIgDlFlwXOYUGWAQBc7QZ"
                 "tcvOrNgAAAABJRU5ErkJggg=="));
  CHECK(
      one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAIAAADtz9qMAAAAH0lEQVR4nGM5EcXOAAPMKboscA4TAxJgRFbGAOTAEQCnYgeW6ZP8ugAAAABJRU5"
                 "ErkJggg=="));
  CHECK(
      one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAYAAABirU3bAAAAH0lEQVR4nGM8EcXewIAEWBjQAHOKLosDsgATugoMLQC1DAKNOKuF5wAAAABJRU5"
                 "ErkJggg=="));
}

TEST_CASE("one colour: the last pixel of a PNG and its transparency count", "[worker]") {
  CHECK_FALSE(
      one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAIAAADtz9qMAAAAIElEQVR4nGM4EcUOR4xAzAADTAxIgDlFlwXOYUGSYAQAXO4GbooBpnMAAAAASUV"
                 "ORK5CYII="));
  CHECK_FALSE(
      one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAYAAABirU3bAAAAJUlEQVR4nGM8EcXewIAEWBjQAHOKLosDkP4PxIwgASaoBCNOLQDgIgOO6Vxs9QA"
                 "AAABJRU5ErkJggg=="));
}

TEST_CASE("one colour: what is no whole PNG of Chromium's kind is not said to have one", "[worker]") {
  CHECK_FALSE(one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAAAAABHxhIHAAAADklEQVR4nGNgBwIGLAQABu8AjVrEoB4AAAAASUVORK5CYII="));
  CHECK_FALSE(one_colour("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAFCAIAAADtz9qMAAAAH0lEQVR4nGM4EcUOR4w="));
  for (const FrameLayout layout : {FrameLayout::png, FrameLayout::bgr0}) CHECK_FALSE(is_one_colour({}, layout));
}
