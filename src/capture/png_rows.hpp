#pragma once

#include <boost/beast/zlib/inflate_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace orchestrator {

/// A PNG of 8-bit RGB or RGBA, which is what Chromium writes (the PNG specification, W3C, third edition). Not empty.
struct Png {
  std::size_t width{0};
  std::size_t height{0};
  std::size_t pixel_bytes{0};
  std::vector<std::uint8_t> deflated{};
  std::size_t row_bytes() const noexcept { return width * pixel_bytes; }
};

/// Nothing for what is no such PNG. Pure.
std::optional<Png> read_png(std::span<const std::byte> file);

/// Takes the stored rows out of a PNG, one after the other.
class PngRows {
 public:
  explicit PngRows(const Png& png);  ///< which must outlive it
  /// Fills `stored`, which has room for the byte that says the filter, and for the filtered row. False if there is no such row.
  bool next(std::span<std::uint8_t> stored);

 private:
  boost::beast::zlib::inflate_stream inflater_{};
  boost::beast::zlib::z_params stream_{};
};

/// A row as it is stored by `filter`, 0 ... 4, after the byte that says which. `above` is the row before. Pure.
std::vector<std::uint8_t> filtered_row(int filter, std::span<const std::uint8_t> row, std::span<const std::uint8_t> above,
                                       std::size_t pixel_bytes);

}  // namespace orchestrator
