#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_options.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// One attempt at one chunk: everything a worker needs to know, and nothing else. Travels as JSON (docs/worker-protocol.md).
struct ChunkJob {
  std::string render{};  ///< the same in all jobs of one render, and in no other: 32 hexadecimal digits
  int chunk{0};
  int attempt{1};
  FrameRange frames{};
  std::string composition{};  ///< http(s) URL or absolute path of an HTML file on the worker's machine
  std::string props{"{}"};
  std::string composition_id{};
  std::string described{};  ///< by fill_in(); empty: the composition needs none, or is only looked at
  PageSettings page{};
  VideoOptions video{};
  CaptureMode capture{CaptureMode::automatic};
  TimeoutOptions timeouts{};
  std::filesystem::path output{};  ///< the chunk file to write, on the worker's machine
};

/// Where the time of an attempt went; wall clock.
struct ChunkTimings {
  std::chrono::milliseconds boot{0};     ///< browser start (0 when warm) and page load
  std::chrono::milliseconds capture{0};  ///< first seek to last frame handed over
  std::chrono::milliseconds encode{0};   ///< last frame handed over to file closed
};

/// CPU time (user + system) of the attempt's processes. A warm browser and X server include what they used since the attempt
/// before.
struct ChunkCpu {
  std::chrono::microseconds browser{0};
  std::chrono::microseconds display{0};
  std::chrono::microseconds worker{0};
  std::chrono::microseconds encoder{0};
};

/// Sound that the page itself played, as data. Nothing fills or mixes it yet, so the list is empty; the worker protocol has
/// had a place for it since version 1.
struct PageAudio {
  std::vector<AudioTrack> tracks{};
};

/// What rendered a chunk. Chunks of other versions may not look alike. Empty: the executor does not say.
struct ChunkVersions {
  std::string orchestrator{};  ///< of the worker: "0.1.0"
  std::string browser{};       ///< Chromium's: "141.0.7390.65"
  std::string encoder{};       ///< ffmpeg's: "5.1.9-0+deb12u1"
  friend bool operator==(const ChunkVersions&, const ChunkVersions&) = default;
};

/// The one picture that all frames of a chunk show.
struct StillPicture {
  std::string sha256{};    ///< of its bytes as they were captured: the same for equal pictures of one capture backend
  bool one_colour{false};  ///< each pixel has the same colour
  friend bool operator==(const StillPicture&, const StillPicture&) = default;
};

/// A rendered chunk.
struct ChunkResult {
  std::filesystem::path file{};  ///< on the host's machine, ready to be joined
  std::int64_t frames{0};
  std::int64_t unchanged_frames{0};  ///< frames that showed the same picture as the one before and were not copied again
  std::string capture{};             ///< backend used, and why: "shm", "beginframe (Xvfb is not installed)"
  std::string contract{};            ///< page contract found: "renderFrame", "virtual clock", ...
  std::string worker{};              ///< worker or host name
  ChunkVersions versions{};
  std::optional<StillPicture> still{};  ///< nothing: its frames differ, or the executor does not say
  PageAudio audio{};
  ChunkTimings timings{};
  ChunkCpu cpu{};
};

}  // namespace v0
}  // namespace orchestrator
