#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace orchestrator {

/// What the bytes of a frame are.
enum class FrameLayout {
  bgr0,  ///< width x height x 4 bytes, rows without padding (ffmpeg's rawvideo, pixel format bgr0)
  png,   ///< one PNG file a frame (ffmpeg's image2pipe)
};

/// One captured frame. Its bytes stay valid and unchanged until the last copy of `buffer` is gone, which may happen on any
/// thread; that is how the encoder's thread gives a buffer back to the capture.
struct Frame {
  std::int64_t number{0};
  std::span<const std::byte> bytes{};
  bool unchanged{false};  ///< the same picture as the previous frame's
  std::shared_ptr<const void> buffer{};
};

inline bool equal(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace orchestrator
