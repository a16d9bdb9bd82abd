#pragma once

#include "assemble/audio_placement.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// A track's source as an ffmpeg URL, and the protocols it may use: a local file cannot make ffmpeg open a connection
/// (a playlist could), and a remote one cannot make it read local files.
struct AudioSource {
  std::string url{};
  std::string protocols{};
};
AudioSource audio_source(const AudioTrack& track);

/// Why ffmpeg stopped reading a remote source before its end, from its last words; empty if it did not. It goes on with what it
/// has and exits with 0 then (ffmpeg.c, process_input), which would be a sound that breaks off.
std::string broken_off(const AudioTrack& track, std::string_view last_words);

/// Factors for ffmpeg's atempo filter, which is at its best between 0.5 and 2, that multiply to `rate`.
std::vector<double> tempo_factors(double rate);

/// Decodes a track to raw 32-bit float stereo samples on the grid: from `seek` on, at its playback rate, `limit` samples at most.
/// A server that says nothing for `load_timeout` is given up.
std::vector<std::string> decode_arguments(const AudioTrack& track, int source_channels, std::int64_t limit,
                                          std::chrono::milliseconds load_timeout, const std::filesystem::path& output);

/// Encodes such samples as AAC in an MP4 file.
std::vector<std::string> aac_arguments(const std::filesystem::path& samples, int bitrate_kbps,
                                       const std::filesystem::path& output);

}  // namespace orchestrator
