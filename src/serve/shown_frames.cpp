#include "serve/shown_frames.hpp"

#include "base/parse_number.hpp"
#include "base/rational.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

/// The word after `key` and the blanks behind it; empty if there is none.
std::string_view word_after(std::string_view line, std::string_view key) {
  const auto at = line.find(key);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + key.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line.substr(0, line.find_first_of(" ,"));
}

/// What follows "[error] ", or "[h264 @ 0x55] [error] "; empty if the line has another level.
std::string_view said_at(std::string_view line, std::string_view level) {
  const auto at = line.find(level);
  const bool at_start = at == 0 || (at != std::string_view::npos && line.starts_with('[') && line.find("] ") + 2 == at);
  return at_start ? line.substr(at + level.size()) : std::string_view{};
}

}  // namespace

void ShownFrames::feed(std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte == '\n') {
      read_line(line_);
      line_.clear();
    } else if (line_.size() < longest_line_) {
      line_ += byte;
    }
  }
}

void ShownFrames::read_line(std::string_view line) {
  // No text of the file's own stands at the start of a line (libavformat/dump.c indents it).
  if (line.starts_with("[Parsed_showinfo_")) return read_shown(line);
  if (const auto fatal = said_at(line, "[fatal] "); !fatal.empty() && fatal_.empty()) fatal_ = fatal;
  const auto error = said_at(line, "[error] ");
  if (error.empty()) return;
  if (first_error_.empty()) first_error_ = error;
  if (error == "File ended prematurely") cut_short_ = true;  // libavformat/matroskadec.c
}

void ShownFrames::read_shown(std::string_view line) {
  const auto base = parse_rational(word_after(line, "] config in time_base:"));
  if (base && base->num > 0) time_base_ = *base;
  if (word_after(line, "] n:").empty()) return;
  frames_.push_back({.time = parse_number<std::int64_t>(word_after(line, " pts:")), .key = word_after(line, " iskey:") == "1"});
}

std::optional<ShownFrame> ShownFrames::next() {
  if (frames_.empty()) return std::nullopt;
  const ShownFrame frame = frames_.front();
  frames_.pop_front();
  return frame;
}

}  // namespace orchestrator
