#include "capture/png_picture.hpp"

#include "base/base64.hpp"

#include <utility>

namespace orchestrator {

bool PngPicture::update(std::string_view base64) {
  auto bytes = decode_base64(base64);
  if (!bytes || bytes->empty()) return false;
  // Equal pictures have equal bytes, because the browser's PNG encoder is deterministic.
  if (!current_ || *current_ != *bytes) current_ = std::make_shared<const std::vector<std::byte>>(std::move(*bytes));
  return true;
}

Frame PngPicture::frame(std::int64_t number) {
  const bool unchanged = current_ == handed_out_;
  handed_out_ = current_;
  return {.number = number, .bytes = *current_, .unchanged = unchanged, .buffer = current_};
}

}  // namespace orchestrator
