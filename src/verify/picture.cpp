#include "verify/picture.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace orchestrator {

namespace {

constexpr std::size_t pixel_bytes = 4;
constexpr std::size_t colours = 3;  // the fourth byte has no meaning

int level_difference(const Picture& one, const Picture& other, std::size_t at) {
  return std::abs(static_cast<unsigned char>(one.bgr0[at]) - static_cast<unsigned char>(other.bgr0[at]));
}

int pixel_difference(const Picture& one, const Picture& other, std::size_t at) {
  int largest = 0;
  for (std::size_t colour = 0; colour < colours; ++colour) {
    largest = std::max(largest, level_difference(one, other, at + colour));
  }
  return largest;
}

}  // namespace

PictureDifference compare(const Picture& one, const Picture& other) {
  PictureDifference result{.box = {.left = one.width, .top = one.height}};
  std::size_t at = 0;
  for (int y = 0; y < one.height; ++y) {
    for (int x = 0; x < one.width; ++x, at += pixel_bytes) {
      const int difference = pixel_difference(one, other, at);
      if (difference == 0) continue;
      ++result.pixels;
      result.largest = std::max(result.largest, difference);
      result.box = {.left = std::min(result.box.left, x),
                    .top = std::min(result.box.top, y),
                    .right = std::max(result.box.right, x + 1),
                    .bottom = y + 1};
    }
  }
  if (result.pixels == 0) result.box = {};
  return result;
}

Picture difference_picture(const Picture& one, const Picture& other) {
  constexpr int brightest = 255;
  Picture result{.width = one.width, .height = one.height, .bgr0 = std::string(one.bgr0.size(), '\0')};
  const int largest = std::max(compare(one, other).largest, 1);
  for (std::size_t at = 0; at < result.bgr0.size(); ++at) {
    if (at % pixel_bytes == colours) continue;
    result.bgr0[at] = static_cast<char>(level_difference(one, other, at) * brightest / largest);
  }
  return result;
}

}  // namespace orchestrator
