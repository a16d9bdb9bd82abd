#pragma once

#include "capture/frame.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace orchestrator {

/// The picture a page shows, as PNG, and whether it is still the one that was handed out last.
class PngPicture {
 public:
  /// Takes a picture in base64, as CDP sends it; false if it is empty or not base64.
  bool update(std::string_view base64);
  bool empty() const noexcept { return current_ == nullptr; }
  Frame frame(std::int64_t number);
  void forget() { current_ = handed_out_ = nullptr; }

 private:
  using Bytes = std::shared_ptr<const std::vector<std::byte>>;
  Bytes current_{};
  Bytes handed_out_{};
};

}  // namespace orchestrator
