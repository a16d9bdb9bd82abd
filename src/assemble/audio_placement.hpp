#pragma once

#include <orchestrator/render_options.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace orchestrator {

/// The sample grid that all sound is placed on.
inline constexpr std::int64_t sample_rate = 48'000;
inline constexpr std::size_t channels = 2;

/// Samples [first, last) of the composition's timeline that a render of these frames covers.
struct SampleRange {
  std::int64_t first{0};
  std::int64_t last{0};
};
SampleRange samples_of(FrameRange frames, Rational fps) noexcept;

/// A track on the grid. It belongs to the composition's timeline (sample 0 = frame 0), not to the part of it that is rendered,
/// so a render that starts later hears the same sound at the same time.
struct Placement {
  std::int64_t first{0};          ///< timeline sample at which the track starts; negative: before frame 0
  std::int64_t length{0};         ///< samples for which the track sounds
  std::int64_t source_length{0};  ///< samples that the source has; a looped track starts again after them
  std::int64_t fade_in{0};
  std::int64_t fade_out{0};
  double volume{1};
};

/// Where `track` sounds if its source (from `seek` on, at its playback rate) has `source_length` samples.
Placement place_track(const AudioTrack& track, SampleRange render, std::int64_t source_length) noexcept;

/// How many samples of the source (from `seek` on, at its playback rate) a render can need; 0: the track is not heard.
std::int64_t samples_needed(const AudioTrack& track, SampleRange render) noexcept;

/// Why a track with valid settings will not be heard, with the times that explain it; empty if it can be heard, and also for a
/// track that ends before a render that starts late, which is no mistake. `source_length` is as for place_track(), or nothing if
/// the source was not needed; `source_s` is the length of the whole source, if known.
std::string why_silent(const AudioTrack& track, SampleRange render, std::optional<std::int64_t> source_length,
                       std::optional<double> source_s);

/// Gain at sample `position` of the track, volume included.
double gain_at(const Placement& placement, std::int64_t position) noexcept;

}  // namespace orchestrator
