#pragma once

#include <orchestrator/error.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// Cuts what `ffmpeg -f image2pipe` writes into its pictures, BMP or PNG files without anything between them. Bytes may arrive
/// cut anywhere.
class PictureSplitter {
 public:
  /// Errors: what is neither, or a picture of more than `most_bytes`. Nothing can be fed after one.
  Result<void> feed(std::string_view bytes);
  /// The next whole picture.
  std::optional<std::string> next();
  bool has_picture() const noexcept { return !pictures_.empty(); }
  /// True if a picture has begun and is not whole yet.
  bool amid_picture() const noexcept { return !current_.empty(); }

  /// 8192 x 8192 pixels with four bytes each: more than any video that a browser plays.
  static constexpr std::size_t most_bytes = std::size_t{256} << 20;

 private:
  enum class Part { start, bmp, png_chunk_header, png_chunk, png_end };
  Result<void> step();
  Result<void> read_start();
  Result<void> expect(std::size_t bytes, Part part);
  void finish();

  std::string current_{};
  std::size_t needed_{first_bytes_};  ///< length of current_ at which `part_` is there as a whole
  Part part_{Part::start};
  std::deque<std::string> pictures_{};
  static constexpr std::size_t first_bytes_ = 8;  // a PNG's signature; a BMP says its length in the first six
};

}  // namespace orchestrator
