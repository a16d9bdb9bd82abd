#include "encode/ffmpeg_progress.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Reading in two pieces must end where reading in one does, and the count must not go back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  orchestrator::FfmpegProgress whole, pieces;
  whole.feed(bytes);
  pieces.feed(bytes.substr(0, size / 2));
  const std::int64_t half_way = pieces.frames();
  pieces.feed(bytes.substr(size / 2));
  if (pieces.frames() != whole.frames() || half_way > pieces.frames() || half_way < 0) std::abort();
  return 0;
}
