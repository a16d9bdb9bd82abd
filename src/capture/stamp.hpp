#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace orchestrator {

/// The two rectangles in the top-left corner of the page that tell which frame the screen shows (docs/architecture.md).
/// A is at x = 0, B right of it; each is 8x2 pixels, so both are 16x2.
constexpr int stamp_width = 8;
constexpr int stamp_height = 2;
constexpr int corner_width = 2 * stamp_width;

/// Pixels of an X image of 24 bits in 32, little-endian: B, G, R and a byte without meaning.
struct PixelView {
  std::span<const std::byte> bytes{};
  int width{0};  ///< pixels a row, no padding
};

/// Colours for stamps, 0xRRGGBB: each differs from the ones before, and a page does not show one by accident.
class StampColours {
 public:
  std::uint32_t next() noexcept;

 private:
  std::uint32_t count_{0};
};

/// The colour of the stamp whose left edge is at `x`, if all its pixels have the same.
std::optional<std::uint32_t> read_stamp(PixelView image, int x) noexcept;

/// Copies the 8x2 pixels at `x` of the top two rows from one image to another.
void copy_stamp_area(PixelView from, std::span<std::byte> to, int to_width, int x) noexcept;

}  // namespace orchestrator
