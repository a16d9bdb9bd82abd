#include "capture/stamp.hpp"

#include <cstring>

namespace orchestrator {

namespace {

constexpr std::size_t bytes_per_pixel = 4;

std::size_t offset_of(int width, int x, int y) noexcept {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * bytes_per_pixel;
}

std::uint32_t pixel_at(PixelView image, int x, int y) noexcept {
  std::uint32_t pixel = 0;
  std::memcpy(&pixel, image.bytes.data() + offset_of(image.width, x, y), bytes_per_pixel);
  return pixel & 0xffffff;
}

}  // namespace

std::uint32_t StampColours::next() noexcept {
  // An odd multiplier permutes the 2^24 values, so none comes twice before all have come (Knuth's 2654435761, cut).
  return (++count_ * 0x9e3779b1U) & 0xffffff;
}

std::optional<std::uint32_t> read_stamp(PixelView image, int x) noexcept {
  const std::uint32_t colour = pixel_at(image, x, 0);
  for (int row = 0; row < stamp_height; ++row) {
    for (int column = 0; column < stamp_width; ++column) {
      if (pixel_at(image, x + column, row) != colour) return std::nullopt;
    }
  }
  return colour;
}

void copy_stamp_area(PixelView from, std::span<std::byte> to, int to_width, int x) noexcept {
  for (int row = 0; row < stamp_height; ++row) {
    std::memcpy(to.data() + offset_of(to_width, x, row), from.bytes.data() + offset_of(from.width, x, row),
                stamp_width * bytes_per_pixel);
  }
}

}  // namespace orchestrator
