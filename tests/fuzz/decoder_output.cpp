#include "serve/picture_splitter.hpp"
#include "serve/shown_frames.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// What an ffmpeg that decodes writes to its two outputs. Reading in two pieces must end where reading in one does, and pictures
/// are the bytes that were read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view left = bytes.substr(0, size / 2), right = bytes.substr(size / 2);

  PictureSplitter whole, pieces;
  const bool good = whole.feed(bytes).has_value();
  if (good != (pieces.feed(left).has_value() && pieces.feed(right).has_value())) std::abort();
  std::string read;
  while (const auto picture = whole.next()) {
    if (pieces.next() != picture) std::abort();
    read += *picture;
  }
  if (pieces.has_picture() || !bytes.starts_with(read)) std::abort();
  if (good && !whole.amid_picture() && read.size() != size) std::abort();

  ShownFrames all, halves;
  all.feed(bytes);
  halves.feed(left);
  halves.feed(right);
  if (all.time_base() != halves.time_base() || all.complaint() != halves.complaint()) std::abort();
  while (const auto frame = all.next()) {
    const auto same = halves.next();
    if (!same || same->time != frame->time || same->key != frame->key) std::abort();
  }
  return 0;
}
