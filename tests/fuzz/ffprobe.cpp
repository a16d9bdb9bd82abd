#include "media/ffprobe.hpp"
#include "assemble/verify_chunk.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Whatever ffprobe writes is either read and judged, or refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto streams = orchestrator::parse_ffprobe({reinterpret_cast<const char*>(data), size});
  const auto checked = streams ? orchestrator::check_chunk(*streams, "chunk.mp4", 1, {}) : streams.error();
  if (!checked && checked.error().detail.empty()) std::abort();
  return 0;
}
