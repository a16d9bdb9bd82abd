#pragma once

#include <orchestrator/frame_range.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator::test {

/// A video and what an ffmpeg that reads it from beginning to end makes of it: the reference for those that seek.
struct SourceClip {
  std::filesystem::path file{};
  Rational time_base{};                 ///< seconds a tick
  std::vector<std::int64_t> times{};    ///< of the frames, in ticks
  std::vector<std::string> pictures{};  ///< a BMP each; no two are equal

  double seconds(std::size_t frame, double share = 0) const;  ///< `share` of the way to the next frame's time
  /// The last frame whose time is not after this one, rounded to a tick; the first if there is none.
  const std::string& at(double time_s) const;
};

/// Makes `file` with ffmpeg from `arguments`, which come after "-f lavfi -i SOURCE" with frames that all differ. Throws.
SourceClip make_clip(const std::filesystem::path& file, const std::vector<std::string>& arguments, int width = 64,
                     int height = 48);
/// The reference for a file that is there.
SourceClip read_clip(const std::filesystem::path& file);

}  // namespace orchestrator::test
