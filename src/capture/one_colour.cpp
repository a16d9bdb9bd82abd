#include "capture/one_colour.hpp"

#include "capture/png_rows.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace orchestrator {

namespace {

using Bytes = std::vector<std::uint8_t>;

bool is_one_colour_bgr0(std::span<const std::byte> frame) {
  constexpr std::size_t pixel_bytes = 4, colour_bytes = 3;  // the fourth byte has no meaning
  for (std::size_t at = pixel_bytes; at < frame.size(); at += pixel_bytes) {
    if (std::memcmp(frame.data(), frame.data() + at, colour_bytes) != 0) return false;
  }
  return !frame.empty();
}

Bytes row_of(std::span<const std::uint8_t> colour, std::size_t bytes) {
  Bytes row(bytes);
  for (std::size_t at = 0; at < bytes; ++at) row[at] = colour[at % colour.size()];
  return row;
}

/// Takes the stored rows of a picture, one after the other, for as long as all pixels have one colour.
class EqualRows {
 public:
  EqualRows(std::size_t pixel_bytes, std::size_t row_bytes) : pixel_bytes_(pixel_bytes), row_bytes_(row_bytes) {}

  /// `stored`: the filter's byte, and the row. False if a pixel has another colour.
  bool take(std::span<const std::uint8_t> stored) {
    const std::size_t filter = stored.front();
    if (filter >= expected_.size()) return false;
    // Whatever the filter, the first pixel stands for itself: it is predicted from nothing.
    if (row_.empty()) return take_first(stored.subspan(1), static_cast<int>(filter));
    Bytes& expected = expected_[filter];
    if (expected.empty()) expected = filtered_row(static_cast<int>(filter), row_, row_, pixel_bytes_);
    return std::ranges::equal(expected, stored.subspan(1));
  }

 private:
  bool take_first(std::span<const std::uint8_t> stored, int filter) {
    row_ = row_of(stored.first(pixel_bytes_), row_bytes_);
    return std::ranges::equal(filtered_row(filter, row_, Bytes(row_bytes_, 0), pixel_bytes_), stored);
  }

  std::size_t pixel_bytes_;
  std::size_t row_bytes_;
  Bytes row_{};
  std::array<Bytes, 5> expected_{};  // of a row below another one, by its filter
};

bool is_one_colour_png(std::span<const std::byte> file) {
  const auto png = read_png(file);
  if (!png) return false;
  PngRows rows(*png);
  EqualRows equal(png->pixel_bytes, png->row_bytes());
  Bytes stored(1 + png->row_bytes());
  for (std::size_t y = 0; y < png->height; ++y) {
    if (!rows.next(stored) || !equal.take(stored)) return false;
  }
  return true;
}

}  // namespace

bool is_one_colour(std::span<const std::byte> frame, FrameLayout layout) {
  return layout == FrameLayout::png ? is_one_colour_png(frame) : is_one_colour_bgr0(frame);
}

}  // namespace orchestrator
