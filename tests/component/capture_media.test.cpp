// <video> and <audio> follow the clock: from frame 0 on, to the frame, and the page sees them as a browser plays them.
#include "support/console_lines.hpp"
#include "support/contains.hpp"
#include "support/film_pages.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

std::string numbers_in(const std::string& picture, std::size_t strips) {
  std::string numbers;
  for (std::size_t strip = 0; strip < strips; ++strip) numbers += std::to_string(number_in(picture, strip)) + " ";
  return numbers;
}

/// What tests/pages/video_timing.html shows.
std::string right_numbers(int frame) {
  const auto at = [&](double seconds, double rate) { return static_cast<int>(std::floor((seconds + 0.0005) * rate)); };
  const double time = frame / 30.0;
  double changing = 1 + 0.5 * std::min(time, 20 / 30.0);
  changing += 2 * (std::clamp(time, 20 / 30.0, 1.0) - 20 / 30.0) + 2 * (std::max(time, 35 / 30.0) - 35 / 30.0);
  const int numbers[] = {at(time, 24),
                         at(2 * time, 25),
                         at(time, 60),
                         frame % 20,
                         std::min(frame, 19),
                         frame + 15,
                         frame < 10 ? 0 : frame + 20,
                         59 - frame,
                         std::min(at(changing, 30), 89)};
  std::string text;
  for (const int number : numbers) text += std::to_string(number) + " ";
  return text;
}

std::vector<std::int64_t> frames_up_to(std::int64_t end) {
  std::vector<std::int64_t> frames(static_cast<std::size_t>(end));
  std::iota(frames.begin(), frames.end(), 0);
  return frames;
}

}  // namespace

TEST_CASE("media: each video shows the source frame of its time", "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_timing.html"), {0, 60}).has_value());
    const auto pictures = studio.pictures(frames_up_to(60));
    for (int frame = 0; frame < 60; ++frame) {
      CAPTURE(frame);
      CHECK(numbers_in(pictures[static_cast<std::size_t>(frame)], 9) == right_numbers(frame));
    }
  }
}

TEST_CASE("media: a fresh process that starts late shows the same source frames", "[capture][media]") {
  const auto address = GENERATE(served_with_films, page_with_films);  // a file: film may not be looked into
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(address(studio, "video_timing.html"), {41, 44}).has_value());
    const auto pictures = studio.pictures({41, 42, 43});
    for (int frame = 41; frame < 44; ++frame) {
      CHECK(numbers_in(pictures[static_cast<std::size_t>(frame - 41)], 9) == right_numbers(frame));
    }
  }
}

TEST_CASE("media: a source frame that begins a moment later is not shown early, unless its file rounds times",
          "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_rates.html"), {0, 31}).has_value());
    for (const int frame : {0, 4, 5, 10, 30}) {
      CAPTURE(frame);
      const std::string numbers = std::to_string(frame * 800 / 1001) + " " + std::to_string(frame * 2) + " ";
      CHECK(numbers_in(studio.pictures({frame}).front(), 6) == numbers + numbers + "23 1 ");
    }
  }
}

TEST_CASE("media: none moves before frame 0, however it came in", "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_birth.html"), {0, 4}).has_value());
    const auto pictures = studio.pictures({0, 1, 2, 3});
    CHECK(numbers_in(pictures[0], 8) == "0 0 0 0 0 0 0 0 ");
    CHECK(numbers_in(pictures[1], 8) == "1 1 1 1 1 1 1 1 ");
    CHECK(numbers_in(pictures[3], 8) == "3 3 3 3 3 3 3 3 ");
  }
}

TEST_CASE("media: a video that can be seen again shows its frame at once", "[capture][media]") {
  const bool may_be_read = GENERATE(true, false);
  const auto address = may_be_read ? served_with_films : page_with_films;
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(address(studio, "video_shown_again.html"), {0, 45}).has_value());
    const auto pictures = studio.pictures(frames_up_to(45));
    for (int frame = 0; frame < 45; ++frame) {
      CAPTURE(frame);
      const std::string all = std::to_string(frame) + " ";
      const std::string paused = std::to_string(frame % 10 + frame / 10 * 5) + " ";  // it pauses while it is out of the document
      if (frame % 10 < 5) CHECK(numbers_in(pictures[static_cast<std::size_t>(frame)], 4) == all + all + all + paused);
    }
    CHECK(contains(studio.log(), "may not be looked into, because it is from another origin") != may_be_read);
  }
}

TEST_CASE("media: playing pauses at the end of a fragment", "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page =
        studio.file("fragment.html", R"(<style>body { margin: 0 } video { display: block; margin-bottom: 2px }</style>
        <video src="count30.mp4#t=0.5,0.6" autoplay muted></video><video src="count30.mp4#t=,0:00.1" autoplay muted></video>)");
    make_counting_films("count30.mp4", std::filesystem::path(page).parent_path());
    REQUIRE(studio.load(page, {0, 6}).has_value());
    std::string told;
    for (const std::string& picture : studio.pictures(frames_up_to(6))) told += numbers_in(picture, 2) + "| ";
    CHECK(told == "15 0 | 16 1 | 17 2 | 18 3 | 18 3 | 18 3 | ");
  }
}

TEST_CASE("media: a seek of renderFrame is shown in its frame, whichever comes next", "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_render_frame.html"), {0, 60}).has_value());
    for (const int frame : {0, 1, 2, 17, 16, 59, 3}) {
      CAPTURE(frame);
      const std::string sought = std::to_string(frame) + " ";
      CHECK(numbers_in(studio.pictures({frame}).front(), 4) == sought + sought + sought + std::to_string(frame % 20) + " ");
    }
  }
}

TEST_CASE("media: a position set before there are metadata is sought, told and shown, and each seek of the page presents a frame",
          "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_start.html"), {0, 2}).has_value());
    const auto pictures = studio.pictures({0, 1});
    for (const std::string& picture : pictures) CHECK(number_in(picture, 0) == 15);
    CHECK(studio.log().find("told loadedmetadata seeking seeked") != std::string::npos);
  }
}

TEST_CASE("media: of a position set before there are metadata nothing is left once the page goes elsewhere", "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_start_again.html"), {0, 2}).has_value());
    for (const std::string& picture : studio.pictures({0, 1})) CHECK(numbers_in(picture, 2) == "30 0 ");
  }
}

TEST_CASE("media: canvases, textures, currentTime and requestVideoFrameCallback agree with the video beside them",
          "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_beside.html"), {0, 20}).has_value());
    const auto pictures = studio.pictures(frames_up_to(20));
    for (int frame = 0; frame < 20; ++frame) {
      CAPTURE(frame);
      const std::string number = std::to_string(frame * 25 / 30) + " ";
      std::string all;
      for (int strip = 0; strip < 7; ++strip) all += number;
      CHECK(numbers_in(pictures[static_cast<std::size_t>(frame)], 7) == all);
    }
  }
}

TEST_CASE("media: the page gets the events of playing and of its own seeks, each at its frame", "[capture][media]") {
  const char* const told = R"(-1 loadstart 0.00 paused
-1 loadedmetadata 0.00 paused
-1 loadeddata 0.00 paused
-1 canplay 0.00 paused
-1 canplaythrough 0.00 paused
2 play 0.00 runs
2 playing 0.00 runs
2 played 0.00 runs
5 ratechange 0.10 runs
7 timeupdate 0.23 paused
7 pause 0.23 paused
9 seeking 0.40 paused
9 timeupdate 0.40 paused
9 seeked 0.40 paused
9 canplay 0.40 paused
9 canplaythrough 0.40 paused
10 play 0.40 runs
10 playing 0.40 runs
10 ratechange 0.40 runs
12 timeupdate 0.50 paused ended
12 pause 0.50 paused ended
12 ended 0.50 paused ended
16 play 0.00 runs
16 playing 0.00 runs
16 timeupdate 0.03 runs
16 seeking 0.03 runs
16 seeked 0.03 runs
24 timeupdate 0.30 runs
30 timeupdate 0.00 runs
30 seeking 0.00 runs
30 seeked 0.00 runs
38 timeupdate 0.27 runs
40 0.00-0.50 0.30 runs
)";
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "media_events.html"), {0, 42}).has_value());
    REQUIRE(studio.pictures(frames_up_to(42)).size() == 42);
    CHECK(console_lines(studio.log(), "error") == told);
  }
}
