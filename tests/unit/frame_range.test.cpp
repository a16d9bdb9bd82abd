#include <orchestrator/frame_range.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace orchestrator;

TEST_CASE("frame range: a denominator that is none gives no frames", "[plan]") {
  CHECK(frames_in({5, 1}, {30, 0}) == 0);
  CHECK(frames_in({5, 0}, {30, 1}) == 0);
}

TEST_CASE("frame range: half-open, counts its frames", "[plan]") {
  CHECK(FrameRange{10, 25}.count() == 15);
  CHECK_FALSE(FrameRange{10, 11}.empty());
  CHECK(FrameRange{10, 10}.empty());
  CHECK(FrameRange{10, 9}.empty());
}

TEST_CASE("first sample of a frame: exact, rounded to the nearest", "[plan]") {
  struct Row {
    std::int64_t frame;
    Rational fps;
    std::int64_t expected;
  };
  const std::vector<Row> rows{
      {0, {30, 1}, 0},
      {1, {30, 1}, 1600},
      {1, {30'000, 1001}, 1602},                    // 1601.6
      {2, {30'000, 1001}, 3203},                    // 3203.2
      {5, {30'000, 1001}, 8008},                    // five frames are a whole number of samples
      {1, {24'000, 1001}, 2002},                    // exactly
      {1, {32'000, 1}, 2},                          // 1.5: half goes up
      {1'000'000'000, {30, 1}, 1'600'000'000'000},  // a year of video
      {1'000'000'000, {30'000, 1001}, 1'601'600'000'000},
      {1'000'000'001, {30'000, 1001}, 1'601'600'001'602},
      {190'000'000'000'000, {1, 1}, 9'120'000'000'000'000'000},
  };
  for (const Row& row : rows) {
    CAPTURE(row.frame, row.fps.num, row.fps.den);
    CHECK(first_sample_of_frame(row.frame, row.fps, 48'000) == row.expected);
  }
}

TEST_CASE("first sample of a frame: neighbouring chunks share their border, whatever the cut", "[plan]") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 1000; ++i) {
    const Rational fps{static_cast<std::int64_t>(random() % 120'000 + 1), static_cast<std::int64_t>(random() % 1001 + 1)};
    const auto frame = static_cast<std::int64_t>(random() % 1'000'000'000);
    const std::int64_t here = first_sample_of_frame(frame, fps, 48'000), next = first_sample_of_frame(frame + 1, fps, 48'000);
    // A frame lasts 48000 * den / num samples: every one of them gets that many, to within one.
    const std::int64_t length = 48'000 * fps.den / fps.num;
    CAPTURE(frame, fps.num, fps.den);
    REQUIRE(next - here >= length);
    REQUIRE(next - here <= length + 1);
  }
}

TEST_CASE("frames in a time: rounded to the nearest", "[plan]") {
  struct Row {
    Rational seconds;
    Rational fps;
    std::int64_t expected;
  };
  const std::vector<Row> rows{
      {{10, 1}, {30, 1}, 300},
      {{10, 1}, {30'000, 1001}, 300},  // 299.7
      {{1, 1}, {24'000, 1001}, 24},    // 23.976
      {{1, 60}, {30, 1}, 1},           // half a frame goes up
      {{1, 61}, {30, 1}, 0},
      {{5, 2}, {25, 1}, 63},  // 62.5
      {{0, 1}, {30, 1}, 0},
      {{31'557'600, 1}, {1000, 1}, 31'557'600'000},
      {{1001, 30'000}, {30'000, 1001}, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.seconds.num, row.seconds.den, row.fps.num, row.fps.den);
    CHECK(frames_in(row.seconds, row.fps) == row.expected);
  }
}
