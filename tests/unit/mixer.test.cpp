#include "assemble/mixer.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

/// A source whose sample n is n / 1024 on the left and its negative on the right.
ReadSamples ramp() {
  return [](std::int64_t first, std::span<float> samples) {
    for (std::size_t i = 0; i < samples.size(); i += 2) {
      samples[i] = static_cast<float>(first + static_cast<std::int64_t>(i / 2)) / 1024;
      samples[i + 1] = -samples[i];
    }
    return Result<void>();
  };
}

std::vector<float> mix(const std::vector<MixTrack>& tracks, std::int64_t first, std::int64_t last, std::int64_t step) {
  std::vector<float> all;
  for (std::int64_t at = first; at < last; at += step) {
    std::vector<float> block(static_cast<std::size_t>(std::min(step, last - at)) * channels);
    REQUIRE(mix_block(block, at, tracks).has_value());
    all.insert(all.end(), block.begin(), block.end());
  }
  return all;
}

}  // namespace

TEST_CASE("mixer: tracks are summed without attenuation, beyond full scale too", "[audio]") {
  const MixTrack track{{.length = 2000, .source_length = 2000, .volume = 1}, ramp()};
  const auto sum = mix({track, track, track}, 0, 2000, 2000);
  CHECK(sum[2 * 1024] == 3.0F);
  CHECK(sum[2 * 1024 + 1] == -3.0F);
}

TEST_CASE("mixer: a track sounds from its first sample to its last and not elsewhere", "[audio]") {
  const auto sum = mix({{{.first = 10, .length = 5, .source_length = 100}, ramp()}}, 0, 20, 20);
  CHECK(sum[2 * 10] == 0.0F);
  CHECK(sum[2 * 14] == 4.0F / 1024);
  CHECK(sum[2 * 15] == 0.0F);
  CHECK(sum[2 * 9] == 0.0F);
}

TEST_CASE("mixer: a looped track starts again after its source's last sample", "[audio]") {
  const auto sum = mix({{{.first = 3, .length = 100, .source_length = 7}, ramp()}}, 0, 50, 50);
  for (std::size_t i = 3; i < 50; ++i) CHECK(sum[2 * i] == static_cast<float>((i - 3) % 7) / 1024);
}

TEST_CASE("mixer: the result is the same to the bit however the timeline is cut", "[audio]") {
  const std::vector<MixTrack> tracks{
      {{.first = -40, .length = 900, .source_length = 313, .fade_in = 100, .fade_out = 77, .volume = 0.7}, ramp()},
      {{.first = 33, .length = 400, .source_length = 400, .fade_in = 3, .volume = 1.3}, ramp()}};
  const auto whole = mix(tracks, 0, 1000, 1000);
  CHECK(mix(tracks, 0, 1000, 1) == whole);
  CHECK(mix(tracks, 0, 1000, 333) == whole);
  const auto later = mix(tracks, 500, 1000, 100);
  CHECK(std::equal(later.begin(), later.end(), whole.begin() + 1000));
}

TEST_CASE("mixer: a source that cannot be read is named", "[audio]") {
  const auto broken = [](std::int64_t, std::span<float>) -> Result<void> { return Error{.detail = "the second"}; };
  std::vector<float> block(200);
  const Placement placement{.length = 100, .source_length = 100};
  const auto mixed = mix_block(block, 0, {{placement, ramp()}, {placement, broken}, {placement, ramp()}});
  REQUIRE(mixed.has_error());
  CHECK(mixed.error().detail == "the second");
}

TEST_CASE("mixer: an empty source is silence", "[audio]") {
  CHECK(mix({{{.length = 0, .source_length = 0}, ramp()}}, 0, 10, 10) == std::vector<float>(20, 0.0F));
}
