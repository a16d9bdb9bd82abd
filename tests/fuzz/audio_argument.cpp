#include "orchestrator/audio_argument.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A track has a source and finite numbers, or it is refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto track = orchestrator::tool::parse_audio_track(text, [](const std::string& file) { return file.size() % 7 == 0; });
  if (!track) {
    if (track.error().detail.empty()) std::abort();
    return 0;
  }
  if (track->source.empty() || !text.starts_with(track->source)) std::abort();
  for (const double value : {track->volume, track->offset, track->seek, track->fade_in, track->fade_out, track->playback_rate,
                             track->duration.value_or(0)}) {
    if (!std::isfinite(value)) std::abort();
  }
  return 0;
}
