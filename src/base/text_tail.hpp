#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// The last few KiB of a text that keeps growing.
class TextTail {
 public:
  void append(std::string_view text);
  /// Whole lines where possible, at most 4 KiB, with bytes that are not UTF-8 replaced by '?'.
  std::string text() const;

 private:
  static constexpr std::size_t limit_ = 4096;
  std::string kept_{};
};

/// `text` with every byte that is not part of a valid UTF-8 sequence replaced by '?': JSON must be UTF-8 (RFC 8259, 8.1).
std::string valid_utf8(std::string_view text);

}  // namespace orchestrator
