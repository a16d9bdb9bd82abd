#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orchestrator {

/// Reads what `ffmpeg -progress` writes: lines "key=value", a block of them now and then. Bytes may arrive cut anywhere.
class FfmpegProgress {
 public:
  /// True if the frame count went up.
  bool feed(std::string_view bytes);
  /// Frames encoded so far; never goes back.
  std::int64_t frames() const noexcept { return frames_; }

 private:
  static constexpr std::size_t longest_line_ = 256;  // ffmpeg's own are below 60; more is not a progress report
  void read_line();

  std::string line_{};
  std::int64_t frames_{0};
};

}  // namespace orchestrator
