#include "assemble/mixer.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

std::size_t floats(std::int64_t samples) { return static_cast<std::size_t>(samples) * channels; }

void add(std::span<float> to, std::span<const float> from, const Placement& placement, std::int64_t position) {
  for (std::size_t i = 0; i < from.size(); i += channels, ++position) {
    const double gain = gain_at(placement, position);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      to[i + channel] += static_cast<float>(gain * static_cast<double>(from[i + channel]));
    }
  }
}

Result<void> mix_track(std::span<float> block, std::int64_t first, const MixTrack& track, std::vector<float>& scratch) {
  const Placement& placement = track.placement;
  const std::int64_t last = first + static_cast<std::int64_t>(block.size() / channels);
  const std::int64_t end = std::min(last, placement.first + placement.length);
  for (std::int64_t at = std::max(first, placement.first); at < end;) {
    const std::int64_t position = at - placement.first;
    const std::int64_t in_source = position % placement.source_length;
    const std::int64_t count = std::min(end - at, placement.source_length - in_source);
    scratch.resize(floats(count));
    if (auto read = track.read(in_source, scratch); !read) return read;
    add(block.subspan(floats(at - first), floats(count)), scratch, placement, position);
    at += count;
  }
  return {};
}

}  // namespace

Result<void> mix_block(std::span<float> block, std::int64_t first, const std::vector<MixTrack>& tracks) {
  std::vector<float> scratch;
  for (const MixTrack& track : tracks) {
    if (auto mixed = mix_track(block, first, track, scratch); !mixed) return mixed;
  }
  return {};
}

}  // namespace orchestrator
