// A chunk that starts at a late frame: the way there takes as long as it takes, as long as the page moves on.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

TimeoutOptions frame_limit(std::chrono::milliseconds limit) { return {.frame = limit}; }

/// `act` runs in each animation frame and knows its number as `frame`.
std::string page_that(const std::string& act) {
  return R"(<body><script>
    let frame = -1;
    requestAnimationFrame(function next() {
      document.body.style.background = `rgb(${++frame} 9 9)`;
      requestAnimationFrame(next);
      )" +
         act + "});</script>";
}

}  // namespace

TEST_CASE("capture: the way to a late frame may take longer than a frame, if each step does not", "[capture]") {
  const HttpServer server({{"/page", {.body = page_that("fetch('/slow')")}}, {"/slow", {.header_delay = 40ms}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {80, 81}, frame_limit(2s)).has_value());
    CHECK(static_cast<unsigned char>(studio.pictures({80}).front()[402]) == 80);  // red
  }
}

TEST_CASE("capture: a step that does not end on the way to a late frame is told with how far it got", "[capture]") {
  const HttpServer server(
      {{"/page", {.body = page_that("if (frame === 7) new Image().src = '/hangs';")}}, {"/hangs", {.header_delay = 1h}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {50, 51}, frame_limit(500ms)).has_value());
    const auto taken = studio.take(50);
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().code == Errc::frame_timeout);
    CHECK(taken.error().frame == 50);
    CHECK(contains(taken.error().detail, "stepping to frame 50, at frame 7: no progress within 0.5 s"));
    CHECK(contains(taken.error().detail, server.url("/hangs")));
  }
}

TEST_CASE("capture: an exception on the way to a late frame is the page's error", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("throws.html", page_that("if (frame === 7) throw new Error('no data for 7');"));
  REQUIRE(studio.load(page, {50, 51}).has_value());
  const auto taken = studio.take(50);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == Errc::page_error);
  CHECK(contains(taken.error().detail, "no data for 7"));
}
