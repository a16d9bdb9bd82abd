#pragma once

#include "assemble/audio_placement.hpp"
#include "media/output_format.hpp"

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
  std::vector<std::string> options{};  ///< ffmpeg's and ffprobe's, before the URL
};
/// `authorities`: the file of those whose certificates are trusted; empty: ffmpeg's own.
AudioSource audio_source(const AudioTrack& track, const std::string& authorities);

/// Why ffmpeg stopped reading a remote source before its end, found in the last lines of its stderr; empty if it did not stop.
/// It goes on with what it has and exits with 0 (ffmpeg.c, process_input), so the sound would break off.
std::string broken_off(const AudioTrack& track, std::string_view last_words);

/// Whether a source in this container (ProbedStream::container) only names files with the sound. ffmpeg leaves out those that it
/// cannot get, without an error, and waits for more of them where the list has no end.
bool is_playlist(std::string_view container);

/// Factors for a chain of ffmpeg's atempo filters, whose product is `rate`. atempo sounds best between 0.5 and 2.
std::vector<double> tempo_factors(double rate);

/// ffmpeg's arguments to decode a track to raw 32-bit float stereo samples at `sample_rate`: from `seek` on, at its playback
/// rate, `limit` samples at most. ffmpeg gives up a server that sends nothing for `load_timeout`.
std::vector<std::string> decode_arguments(const AudioTrack& track, const AudioSource& source, int source_channels,
                                          std::int64_t limit, std::chrono::milliseconds load_timeout,
                                          const std::filesystem::path& output);

/// ffmpeg's arguments to encode such samples for `film`, into a file of the same container.
std::vector<std::string> sound_arguments(const std::filesystem::path& samples, int bitrate_kbps, const Container& film,
                                         const std::filesystem::path& output);

}  // namespace orchestrator
