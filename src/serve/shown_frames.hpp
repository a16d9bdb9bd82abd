#pragma once

#include <orchestrator/frame_range.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// When a frame of a video is shown.
struct ShownFrame {
  std::optional<std::int64_t> time{};  ///< in ticks of the stream's time base, as the file has it; raw streams may have none
  bool key{false};                     ///< can be decoded without those before it
};

/// Reads stderr of an ffmpeg with the filter `showinfo` and `-loglevel level+info`: a line for each frame that passed the filter,
/// among others. Bytes may arrive cut anywhere.
class ShownFrames {
 public:
  void feed(std::string_view bytes);
  /// The next frame, in the order of ffmpeg's pictures.
  std::optional<ShownFrame> next();
  bool has_frame() const noexcept { return !frames_.empty(); }
  /// Seconds a tick, once the first frame was read.
  const std::optional<Rational>& time_base() const noexcept { return time_base_; }
  /// What went wrong in ffmpeg's words, without the part of ffmpeg that says it: what ended it, else its first complaint.
  const std::string& complaint() const noexcept { return fatal_.empty() ? first_error_ : fatal_; }
  /// The file ends before its container says so. Of Matroska, this is no failure for ffmpeg.
  bool cut_short() const noexcept { return cut_short_; }

 private:
  void read_line(std::string_view line);
  void read_shown(std::string_view line);

  static constexpr std::size_t longest_line_ = 512;  // what is read here comes within the first 200 letters
  std::string line_{};
  std::deque<ShownFrame> frames_{};
  std::optional<Rational> time_base_{};
  std::string fatal_{};
  std::string first_error_{};
  bool cut_short_{false};
};

}  // namespace orchestrator
