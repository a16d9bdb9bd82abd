#include "encode/ffmpeg_progress.hpp"

#include "base/parse_number.hpp"

#include <algorithm>

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
  frames_ = std::max(frames_, parse_number<std::int64_t>(value).value_or(0));
}

}  // namespace orchestrator
