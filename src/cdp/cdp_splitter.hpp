#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace orchestrator {

/// Cuts the byte stream of --remote-debugging-pipe into messages: JSON texts that end with a NUL.
class CdpSplitter {
 public:
  /// Room for the next bytes; commit() tells how many were written there.
  std::span<char> room();
  void commit(std::size_t size);
  /// Moves the next whole message to `message`; false if there is none yet.
  bool next(std::string& message);
  /// True once an unfinished message is longer than any that Chromium sends.
  bool overflowed() const noexcept { return used_ - start_ > limit_; }

 private:
  static constexpr std::size_t limit_ = std::size_t{256} << 20;       // an 8K PNG in base64 is below 180 MiB
  static constexpr std::size_t least_room_ = std::size_t{256} << 10;  // a pipe of 1 MiB is then emptied in a few reads
  std::string buffer_{};
  std::size_t start_{0};  // where the first message begins
  std::size_t seen_{0};   // searched for NUL up to here
  std::size_t used_{0};
};

}  // namespace orchestrator
