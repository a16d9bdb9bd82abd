#include "assemble/audio_placement.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {
constexpr SampleRange ten_seconds{0, 480'000};
constexpr std::int64_t second = 48'000;
}  // namespace

TEST_CASE("placement: a render covers the samples its frames do, whatever its first frame", "[audio]") {
  CHECK(samples_of({0, 30}, {30, 1}).last == 48'000);
  CHECK(samples_of({1, 2}, {30'000, 1001}).first == 1602);
  CHECK(samples_of({0, 1}, {30'000, 1001}).last == samples_of({1, 2}, {30'000, 1001}).first);
}

TEST_CASE("placement: offset, duration and fades become samples of the timeline", "[audio]") {
  const AudioTrack track{.source = "a", .volume = 2, .offset = 1.5, .duration = 2.0, .fade_in = 0.5, .fade_out = 0.25};
  const Placement placement = place_track(track, ten_seconds, 5 * second);
  CHECK(placement.first == 72'000);
  CHECK(placement.length == 2 * second);
  CHECK(placement.fade_in == 24'000);
  CHECK(placement.fade_out == 12'000);
  CHECK(placement.volume == 2);
}

TEST_CASE("placement: a track ends with its source, at its duration, or looped with the render", "[audio]") {
  struct Row {
    std::optional<double> duration;
    bool loop;
    std::int64_t source;
    std::int64_t expected;
  };
  const Row row = GENERATE(Row{{}, false, 2 * second, 2 * second}, Row{3.0, false, 2 * second, 2 * second},
                           Row{1.0, false, 2 * second, second}, Row{{}, true, 2 * second, 9 * second},
                           Row{5.0, true, 2 * second, 5 * second}, Row{{}, true, 0, 0}, Row{3.0, true, 0, 0});
  const AudioTrack track{.source = "a", .offset = 1, .duration = row.duration, .loop = row.loop};
  CHECK(place_track(track, ten_seconds, row.source).length == row.expected);
}

TEST_CASE("placement: no more of a source is decoded than the render can hear", "[audio]") {
  struct Row {
    AudioTrack track;
    SampleRange render;
    std::int64_t expected;
  };
  const SampleRange later{5 * second, 10 * second};
  const Row row = GENERATE_COPY(
      Row{{.source = "to the end"}, ten_seconds, 10 * second}, Row{{.source = "late", .offset = 4}, ten_seconds, 6 * second},
      Row{{.source = "starts after", .offset = 10}, ten_seconds, 0},
      Row{{.source = "early", .offset = -2}, ten_seconds, 12 * second},
      Row{{.source = "short", .duration = 3.0}, ten_seconds, 3 * second}, Row{{.source = "over", .duration = 5.0}, later, 0},
      Row{{.source = "still on", .duration = 5.5}, later, second * 11 / 2},
      Row{{.source = "fade may reach in", .fade_out = 2}, ten_seconds, 12 * second},
      Row{{.source = "ends soon after", .duration = 11.0, .fade_out = 2}, ten_seconds, 11 * second},
      Row{{.source = "ends long after", .duration = 60.0, .fade_out = 2}, ten_seconds, 12 * second},
      Row{{.source = "looped", .fade_out = 2, .loop = true}, ten_seconds, 10 * second});
  INFO(row.track.source);
  CHECK(samples_needed(row.track, row.render) == row.expected);
}

TEST_CASE("placement: fades are linear, mirror each other, and scale the volume", "[audio]") {
  const Placement placement{.length = 100, .source_length = 100, .fade_in = 10, .fade_out = 10, .volume = 2};
  CHECK(gain_at(placement, 0) == Approx(0.1));
  CHECK(gain_at(placement, 9) == Approx(1.9));
  CHECK(gain_at(placement, 10) == 2);
  CHECK(gain_at(placement, 89) == 2);
  for (std::int64_t i = 0; i < 100; ++i) CHECK(gain_at(placement, i) == Approx(gain_at(placement, 99 - i)));
}

TEST_CASE("placement: a fade out that starts beyond the render is not heard in it", "[audio]") {
  const auto duration = GENERATE(std::optional<double>(), std::optional<double>(60.0));
  const AudioTrack track{.source = "long", .duration = duration, .fade_out = 2};
  const Placement placement = place_track(track, ten_seconds, samples_needed(track, ten_seconds));
  CHECK(gain_at(placement, 10 * second - 1) == 1);
}

TEST_CASE("placement: a track that cannot be heard says why, with the lengths", "[audio]") {
  const auto reason = [](const AudioTrack& track, std::optional<std::int64_t> length, std::optional<double> source_s = {}) {
    return why_silent(track, ten_seconds, length, source_s);
  };
  CHECK(reason({.offset = 10}, {}) == "it starts at 10.00 s (offset), the render ends at 10.00 s");
  CHECK(reason({.seek = 9}, 0, 4.25) == "it starts 9.00 s into its source (seek), which is 4.25 s long");
  CHECK(reason({.seek = 9}, 0) == "it starts 9.00 s into its source (seek), which has ended by then");
  CHECK(reason({.offset = -3}, 2 * second) == "it starts at -3.00 s (offset) and is 2.00 s long, so it ends before frame 0");
  CHECK_FALSE(reason({.offset = -3, .duration = 1.0}, {}).empty());
}

TEST_CASE("placement: a track that is heard, or was before the render's part, is no mistake", "[audio]") {
  const SampleRange later{5 * second, 10 * second};
  CHECK(why_silent({.offset = 9.5}, ten_seconds, second, {}).empty());
  CHECK(why_silent({.offset = -1}, ten_seconds, 2 * second, {}).empty());
  CHECK(why_silent({.duration = 2.0}, later, {}, {}).empty());
  CHECK(why_silent({.offset = -30, .loop = true}, ten_seconds, second, {}).empty());
}
