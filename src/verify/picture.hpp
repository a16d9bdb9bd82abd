#pragma once

#include <cstdint>
#include <string>

namespace orchestrator {

/// Pixels: B, G, R and a byte without meaning, rows without padding.
struct Picture {
  int width{0};
  int height{0};
  std::string bgr0{};
};

/// A half-open rectangle.
struct PixelBox {
  int left{0};
  int top{0};
  int right{0};
  int bottom{0};
  friend bool operator==(const PixelBox&, const PixelBox&) = default;
};

/// Where and how far two pictures differ.
struct PictureDifference {
  std::int64_t pixels{0};
  int largest{0};  ///< largest difference of one colour in one pixel
  PixelBox box{};  ///< around all pixels that differ
  friend bool operator==(const PictureDifference&, const PictureDifference&) = default;
};

/// Both pictures must have the same size. Pure.
PictureDifference compare(const Picture& one, const Picture& other);
/// The difference as a picture: black where there is none, and the levels stretched so that the largest difference is 255. Pure.
Picture difference_picture(const Picture& one, const Picture& other);

}  // namespace orchestrator
