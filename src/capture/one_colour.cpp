#include "capture/one_colour.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace orchestrator {

namespace zlib = boost::beast::zlib;

namespace {

using Bytes = std::vector<std::uint8_t>;

bool is_one_colour_bgr0(std::span<const std::byte> frame) {
  constexpr std::size_t pixel_bytes = 4, colour_bytes = 3;  // the fourth byte has no meaning
  for (std::size_t at = pixel_bytes; at < frame.size(); at += pixel_bytes) {
    if (std::memcmp(frame.data(), frame.data() + at, colour_bytes) != 0) return false;
  }
  return !frame.empty();
}

/// What is read of a PNG (the PNG specification, W3C, third edition).
struct Png {
  std::size_t width{0};
  std::size_t height{0};
  std::size_t pixel_bytes{0};  ///< 0: of another kind than Chromium writes
  Bytes deflated{};
};

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t header_bytes = 13;

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return number;
}

void read_header(Png& png, std::span<const std::byte> data) {
  if (data.size() != header_bytes) return;
  png.width = number_at(data, 0);
  png.height = number_at(data, 4);
  const auto depth = std::to_integer<int>(data[8]), colour = std::to_integer<int>(data[9]);
  const bool is_plain = depth == 8 && std::to_integer<int>(data[12]) == 0;  // not interlaced
  if (is_plain && colour == 2) png.pixel_bytes = 3;                         // RGB
  if (is_plain && colour == 6) png.pixel_bytes = 4;                         // RGBA
}

Png read_png(std::span<const std::byte> file) {
  Png png;
  if (file.size() < signature.size() || std::memcmp(file.data(), signature.data(), signature.size()) != 0) return png;
  constexpr std::size_t frame_bytes = 12;  // of a chunk around its data: length, type, check sum
  for (file = file.subspan(signature.size()); file.size() >= frame_bytes;) {
    const std::size_t length = number_at(file, 0);
    if (length > file.size() - frame_bytes) break;
    const std::string_view type(reinterpret_cast<const char*>(file.data()) + 4, 4);
    const auto data = file.subspan(8, length);
    if (type == "IHDR") read_header(png, data);
    for (const std::byte byte : type == "IDAT" ? data : std::span<const std::byte>()) {
      png.deflated.push_back(std::to_integer<std::uint8_t>(byte));
    }
    file = file.subspan(frame_bytes + length);
  }
  return png;
}

int paeth(int left, int above, int corner) {
  const int estimate = left + above - corner;
  const int to_left = std::abs(estimate - left), to_above = std::abs(estimate - above), to_corner = std::abs(estimate - corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

int prediction(int filter, int left, int above, int corner) {
  switch (filter) {
    case 0: return 0;
    case 1: return left;
    case 2: return above;
    case 3: return (left + above) / 2;
    default: return paeth(left, above, corner);
  }
}

/// A row as it is stored by `filter`, after the byte that says which. `above` is the row before.
Bytes filtered(int filter, const Bytes& row, const Bytes& above, std::size_t pixel_bytes) {
  Bytes result(row.size());
  for (std::size_t at = 0; at < row.size(); ++at) {
    const bool is_first = at < pixel_bytes;
    const int left = is_first ? 0 : row[at - pixel_bytes], corner = is_first ? 0 : above[at - pixel_bytes];
    result[at] = static_cast<std::uint8_t>(row[at] - prediction(filter, left, above[at], corner));
  }
  return result;
}

Bytes row_of(std::span<const std::uint8_t> colour, std::size_t bytes) {
  Bytes row(bytes);
  for (std::size_t at = 0; at < bytes; ++at) row[at] = colour[at % colour.size()];
  return row;
}

/// Takes the stored rows of a picture, one after the other, for as long as all pixels have one colour.
class Rows {
 public:
  Rows(std::size_t pixel_bytes, std::size_t row_bytes) : pixel_bytes_(pixel_bytes), row_bytes_(row_bytes) {}

  /// `stored`: the filter's byte, and the row. False if a pixel has another colour.
  bool take(std::span<const std::uint8_t> stored) {
    const std::size_t filter = stored.front();
    if (filter >= expected_.size()) return false;
    // Whatever the filter, the first pixel stands for itself: it is predicted from nothing.
    if (row_.empty()) return take_first(stored.subspan(1), static_cast<int>(filter));
    Bytes& expected = expected_[filter];
    if (expected.empty()) expected = filtered(static_cast<int>(filter), row_, row_, pixel_bytes_);
    return std::ranges::equal(expected, stored.subspan(1));
  }

 private:
  bool take_first(std::span<const std::uint8_t> stored, int filter) {
    row_ = row_of(stored.first(pixel_bytes_), row_bytes_);
    return std::ranges::equal(filtered(filter, row_, Bytes(row_bytes_, 0), pixel_bytes_), stored);
  }

  std::size_t pixel_bytes_;
  std::size_t row_bytes_;
  Bytes row_{};
  std::array<Bytes, 5> expected_{};  // of a row below another one, by its filter
};

bool is_one_colour_png(std::span<const std::byte> file) {
  const Png png = read_png(file);
  constexpr std::size_t zlib_header_bytes = 2;  // RFC 1950; the rest is RFC 1951 and a check sum
  if (png.pixel_bytes == 0 || png.width == 0 || png.height == 0 || png.deflated.size() < zlib_header_bytes) return false;
  zlib::inflate_stream inflater;
  zlib::z_params stream;
  stream.next_in = png.deflated.data() + zlib_header_bytes;
  stream.avail_in = png.deflated.size() - zlib_header_bytes;
  Bytes stored(1 + png.width * png.pixel_bytes);
  Rows rows(png.pixel_bytes, stored.size() - 1);
  for (std::size_t y = 0; y < png.height; ++y) {
    stream.next_out = stored.data();
    stream.avail_out = stored.size();
    boost::beast::error_code failed;
    inflater.write(stream, zlib::Flush::sync, failed);
    if (stream.avail_out != 0 || !rows.take(stored)) return false;
  }
  return true;
}

}  // namespace

bool is_one_colour(std::span<const std::byte> frame, FrameLayout layout) {
  return layout == FrameLayout::png ? is_one_colour_png(frame) : is_one_colour_bgr0(frame);
}

}  // namespace orchestrator
