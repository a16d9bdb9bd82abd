#pragma once

#include "assemble/audio_placement.hpp"

#include <functional>
#include <span>
#include <vector>

namespace orchestrator {

/// Fills `samples` (interleaved stereo) from sample `first` of a source on.
using ReadSamples = std::function<Result<void>(std::int64_t first, std::span<float> samples)>;

struct MixTrack {
  Placement placement{};
  ReadSamples read{};
};

/// Adds all tracks to `block` (interleaved stereo, silent before), which starts at timeline sample `first`. Sums are not
/// limited: samples beyond full scale clip when they are encoded. Every sample depends on its position alone, so the result is
/// the same however the timeline is cut into blocks. Errors: that of the first track that could not be read.
Result<void> mix_block(std::span<float> block, std::int64_t first, const std::vector<MixTrack>& tracks);

}  // namespace orchestrator
