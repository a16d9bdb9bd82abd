#include "encode/ffmpeg_progress.hpp"

#include <charconv>

namespace orchestrator {

bool FfmpegProgress::feed(std::string_view bytes) {
  const std::int64_t before = frames_;
  for (const char byte : bytes) {
    if (byte == '\n') {
      read_line();
      line_.clear();
    } else if (line_.size() < longest_line_) {
      line_ += byte;
    }
  }
  return frames_ > before;
}

void FfmpegProgress::read_line() {
  constexpr std::string_view key = "frame=";
  if (!line_.starts_with(key)) return;
  std::string_view value = std::string_view(line_).substr(key.size());
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);  // ffmpeg pads the count
  std::int64_t frames = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), frames);
  if (error == std::errc{} && end == value.data() + value.size() && frames > frames_) frames_ = frames;
}

}  // namespace orchestrator
