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

/// Half-open.
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
  int largest{0};  ///< of all levels of all colours
  PixelBox box{};  ///< around all pixels that differ
  friend bool operator==(const PictureDifference&, const PictureDifference&) = default;
};

/// Both of one size. Pure.
PictureDifference compare(const Picture& one, const Picture& other);
/// What differs, as a picture: black where nothing does, the levels stretched so that the largest difference is 255. Pure.
Picture difference_picture(const Picture& one, const Picture& other);

}  // namespace orchestrator
