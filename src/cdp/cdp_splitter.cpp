#include "cdp/cdp_splitter.hpp"

#include <cstring>

namespace orchestrator {

std::span<char> CdpSplitter::room() {
  if (start_ == used_) start_ = seen_ = used_ = 0;
  if (buffer_.size() - used_ < least_room_ && start_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + start_, used_ - start_);
    used_ -= start_;
    seen_ -= start_;
    start_ = 0;
  }
  if (buffer_.size() - used_ < least_room_) buffer_.resize(2 * buffer_.size() + least_room_);
  return {buffer_.data() + used_, buffer_.size() - used_};
}

void CdpSplitter::commit(std::size_t size) { used_ += size; }

bool CdpSplitter::next(std::string& message) {
  const void* end = std::memchr(buffer_.data() + seen_, '\0', used_ - seen_);
  if (end == nullptr) {
    seen_ = used_;
    return false;
  }
  const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - buffer_.data()) - start_;
  message.assign(buffer_, start_, length);
  start_ += length + 1;
  seen_ = start_;
  return true;
}

}  // namespace orchestrator
