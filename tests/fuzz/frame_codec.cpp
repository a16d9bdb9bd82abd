#include "protocol/frame_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using namespace orchestrator::protocol;

struct Outcome {
  std::string frames{};  ///< encoded again
  bool garbage{false};
};

void take(FrameDecoder& decoder, Outcome& outcome) {
  while (!outcome.garbage) {
    const auto frame = decoder.next();
    outcome.garbage = !frame.has_value();
    if (outcome.garbage && frame.error().detail.empty()) std::abort();
    if (!frame || !*frame) return;
    outcome.frames += encode_frame((*frame)->kind, (*frame)->payload);
  }
}

}  // namespace

/// The same frames come out however the stream is cut, and they are what went in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  FrameDecoder at_once, byte_by_byte;
  Outcome whole, pieces;
  at_once.feed(bytes);
  take(at_once, whole);
  for (std::size_t i = 0; i < size && !pieces.garbage; ++i) {
    byte_by_byte.feed(bytes.substr(i, 1));
    take(byte_by_byte, pieces);
  }
  if (whole.frames != pieces.frames || whole.garbage != pieces.garbage) std::abort();
  if (bytes.substr(0, whole.frames.size()) != whole.frames) std::abort();
  return 0;
}
