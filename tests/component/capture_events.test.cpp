// Events that a browser sends with its frames: as many calls in frames that are only stepped through as in captured ones.
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr int square = 16;

/// The number that square `index` of the first row shows in its red.
int count_in(const std::string& picture, int index) {
  constexpr int row = 8;
  const auto pixel = static_cast<std::size_t>(row * 320 + index * square + square / 2) * 4;
  return static_cast<unsigned char>(picture[pixel + 2]);
}

std::vector<int> counts_in(const std::string& picture, int kinds) {
  std::vector<int> counts;
  for (int index = 0; index < kinds; ++index) counts.push_back(count_in(picture, index));
  return counts;
}

std::vector<int> counts_at(const std::string& page, CaptureMode mode, const std::vector<std::int64_t>& frames, int kinds) {
  Studio studio(mode);
  REQUIRE(studio.load(page, {0, 41}).has_value());
  return counts_in(studio.pictures(frames).back(), kinds);
}

std::vector<std::int64_t> every_frame_to(std::int64_t last) {
  std::vector<std::int64_t> frames(static_cast<std::size_t>(last) + 1);
  std::iota(frames.begin(), frames.end(), 0);
  return frames;
}

}  // namespace

TEST_CASE("capture: a late start has sent as many scroll, resize, query, select and observer calls as the sequence",
          "[capture]") {
  constexpr int kinds = 13;
  // Frame 40 is the 41st; scroll, scrollend and the like have one call in each, the others as the page makes them due.
  const auto expected = counts_at("frame_events.html", CaptureMode::screenshot, {40}, kinds);
  CHECK(expected.front() == 41);
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    CHECK(counts_at("frame_events.html", mode, every_frame_to(40), kinds) == expected);
    CHECK(counts_at("frame_events.html", mode, {40}, kinds) == expected);
    CHECK(counts_at("frame_events.html", mode, {7, 8, 40}, kinds) == expected);
  }
}

TEST_CASE("capture: frames that a browser makes while a step waits send nothing of their own", "[capture]") {
  // Two scrolls in each step with a wait of 20 ms between them, in which a browser makes a frame, or two, or none.
  const HttpServer server({{"/page", {.body = R"(<body style="margin:0;height:9000px">
      <div style="position:fixed"><i style="float:left;width:16px;height:16px"></i><i style="float:left;width:16px;height:16px">
      </i></div><p id="box" style="height:9px;width:9px">x<script>
      const counts = [0, 0], squares = document.querySelectorAll('i');
      const count = (kind) => squares[kind].style.background = `rgb(${++counts[kind]} 0 0)`;
      addEventListener('scroll', () => count(0));
      new ResizeObserver(() => count(1)).observe(box);
      let frame = 0;
      requestAnimationFrame(async function next() {
        requestAnimationFrame(next);
        scrollTo(0, ++frame * 10);
        box.style.width = '50px';
        await fetch('/slow');
        scrollTo(0, frame * 10 + 5);
        box.style.width = `${frame + 60}px`;
      });</script>)"}},
                           {"/slow", {.header_delay = std::chrono::milliseconds(20)}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    const std::vector<int> expected{21, 21};
    CHECK(counts_at(server.url("/page"), mode, every_frame_to(20), 2) == expected);
    CHECK(counts_at(server.url("/page"), mode, {20}, 2) == expected);
  }
}

TEST_CASE("capture: an exception of a scroll listener is the page's error, in stepped frames too", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("throws.html", R"(<body style="height:9000px"><script>
      addEventListener('scroll', () => { if (scrollY === 20) throw new Error('no data for 20'); });
      let y = 0;
      requestAnimationFrame(function next() { scrollTo(0, y += 2); requestAnimationFrame(next); });</script>)");
  REQUIRE(studio.load(page, {40, 41}).has_value());
  const auto taken = studio.take(40);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == Errc::page_error);
  CHECK(taken.error().detail.find("no data for 20") != std::string::npos);
}

TEST_CASE("capture: pages that draw by renderFrame get the browser's own events", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("own.html", R"(<body style="margin:0;height:9000px">
      <i style="position:fixed;width:16px;height:16px"></i><script>
      let calls = 0;
      addEventListener('scroll', (event) => calls += event.isTrusted ? 1 : 100);
      window.renderFrame = async (frame) => {
        scrollTo(0, frame);
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        document.querySelector('i').style.background = `rgb(${calls} 0 0)`;
      };</script>)");
  REQUIRE(studio.load(page, {0, 41}).has_value());
  CHECK(counts_in(studio.pictures({1, 2, 3}).back(), 1) == std::vector<int>{3});
}
