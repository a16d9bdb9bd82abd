#include "serve/picture_splitter.hpp"

#include <algorithm>
#include <cstdint>

namespace orchestrator {

namespace {

constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";  // PNG specification, 5.2
constexpr std::size_t chunk_header_bytes = 8;                    // length and type
constexpr std::size_t chunk_sum_bytes = 4;
constexpr std::size_t bmp_header_bytes = 54;  // file header and the shortest info header that ffmpeg writes

std::uint32_t byte_at(std::string_view bytes, std::size_t index) { return static_cast<std::uint8_t>(bytes[index]); }

std::uint32_t little_endian(std::string_view bytes) {
  return byte_at(bytes, 0) | byte_at(bytes, 1) << 8 | byte_at(bytes, 2) << 16 | byte_at(bytes, 3) << 24;
}
std::uint32_t big_endian(std::string_view bytes) {
  return byte_at(bytes, 3) | byte_at(bytes, 2) << 8 | byte_at(bytes, 1) << 16 | byte_at(bytes, 0) << 24;
}

Error no_picture(const char* what) { return Error{.detail = std::string("ffmpeg wrote ") + what, .stage = Stage::capture}; }

}  // namespace

Result<void> PictureSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), needed_ - current_.size());
    current_.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    while (!current_.empty() && current_.size() == needed_) {
      if (auto done = step(); !done) return done;
    }
  }
  return {};
}

Result<void> PictureSplitter::step() {
  switch (part_) {
    case Part::start: return read_start();
    case Part::bmp:
    case Part::png_end: finish(); return {};
    case Part::png_chunk: return expect(chunk_header_bytes, Part::png_chunk_header);
    case Part::png_chunk_header: break;
  }
  const auto header = std::string_view(current_).substr(current_.size() - chunk_header_bytes);
  const bool last = header.substr(4) == "IEND";
  return expect(std::size_t{big_endian(header)} + chunk_sum_bytes, last ? Part::png_end : Part::png_chunk);
}

Result<void> PictureSplitter::read_start() {
  if (current_ == png_signature) return expect(chunk_header_bytes, Part::png_chunk_header);
  if (!current_.starts_with("BM")) return no_picture("what is neither BMP nor PNG");
  const std::size_t size = little_endian(std::string_view(current_).substr(2));
  if (size < bmp_header_bytes) return no_picture("a BMP without a header");
  auto enough = expect(size - current_.size(), Part::bmp);
  if (enough) current_.reserve(size);
  return enough;
}

Result<void> PictureSplitter::expect(std::size_t bytes, Part part) {
  if (bytes > most_bytes - current_.size()) return no_picture("a picture of more than 256 MiB");
  needed_ = current_.size() + bytes;
  part_ = part;
  return {};
}

void PictureSplitter::finish() {
  pictures_.push_back(std::move(current_));
  current_.clear();
  needed_ = first_bytes_;
  part_ = Part::start;
}

std::optional<std::string> PictureSplitter::next() {
  if (pictures_.empty()) return std::nullopt;
  std::optional<std::string> picture = std::move(pictures_.front());
  pictures_.pop_front();
  return picture;
}

}  // namespace orchestrator
