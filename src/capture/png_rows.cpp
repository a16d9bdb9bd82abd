#include "capture/png_rows.hpp"

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace orchestrator {

namespace zlib = boost::beast::zlib;

namespace {

constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t png_header_bytes = 13;
constexpr std::size_t zlib_header_bytes = 2;  // RFC 1950; the rest is RFC 1951 and a check sum

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return number;
}

void read_header(Png& png, std::span<const std::byte> data) {
  if (data.size() != png_header_bytes) return;
  png.width = number_at(data, 0);
  png.height = number_at(data, 4);
  const auto depth = std::to_integer<int>(data[8]), colour = std::to_integer<int>(data[9]);
  const bool is_plain = depth == 8 && std::to_integer<int>(data[12]) == 0;  // not interlaced
  if (is_plain && colour == 2) png.pixel_bytes = 3;                         // RGB
  if (is_plain && colour == 6) png.pixel_bytes = 4;                         // RGBA
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

}  // namespace

std::optional<Png> read_png(std::span<const std::byte> file) {
  if (file.size() < png_signature.size() || std::memcmp(file.data(), png_signature.data(), png_signature.size()) != 0) return {};
  Png png;
  constexpr std::size_t frame_bytes = 12;  // of a chunk around its data: length, type, check sum
  for (file = file.subspan(png_signature.size()); file.size() >= frame_bytes;) {
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
  if (png.row_bytes() == 0 || png.height == 0 || png.deflated.size() < zlib_header_bytes) return {};
  return png;
}

PngRows::PngRows(const Png& png) {
  stream_.next_in = png.deflated.data() + zlib_header_bytes;
  stream_.avail_in = png.deflated.size() - zlib_header_bytes;
}

bool PngRows::next(std::span<std::uint8_t> stored) {
  stream_.next_out = stored.data();
  stream_.avail_out = stored.size();
  boost::beast::error_code failed;
  inflater_.write(stream_, zlib::Flush::sync, failed);
  return stream_.avail_out == 0;
}

std::vector<std::uint8_t> filtered_row(int filter, std::span<const std::uint8_t> row, std::span<const std::uint8_t> above,
                                       std::size_t pixel_bytes) {
  std::vector<std::uint8_t> result(row.size());
  for (std::size_t at = 0; at < row.size(); ++at) {
    const bool is_first = at < pixel_bytes;
    const int left = is_first ? 0 : row[at - pixel_bytes], corner = is_first ? 0 : above[at - pixel_bytes];
    result[at] = static_cast<std::uint8_t>(row[at] - prediction(filter, left, above[at], corner));
  }
  return result;
}

}  // namespace orchestrator
