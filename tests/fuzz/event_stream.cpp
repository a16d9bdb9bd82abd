#include "lambda/aws/event_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace orchestrator::aws;

struct Outcome {
  std::string messages{};  ///< encoded again
  bool garbage{false};
};

void take(EventStreamDecoder& decoder, Outcome& outcome) {
  while (!outcome.garbage) {
    const auto message = decoder.next();
    outcome.garbage = !message.has_value();
    if (outcome.garbage && message.error().detail.empty()) std::abort();
    if (!message || !*message) return;
    outcome.messages += encode_event(**message);
  }
}

/// The first message with its sums put right, so that what lies behind them is reached, too.
std::string with_right_sums(std::string_view bytes) {
  EventMessage message{.payload = std::string(bytes.substr(bytes.size() / 2))};
  message.headers.push_back({.name = "h", .type = EventMessage::Header::Type::bytes, .value = std::string(bytes)});
  return encode_event(message);
}

}  // namespace

/// The same messages come out however the stream is cut, and they are what went in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view given(reinterpret_cast<const char*>(data), size);
  const std::string bytes = size > 0 && size < 4096 ? with_right_sums(given) + std::string(given) : std::string(given);
  EventStreamDecoder at_once, byte_by_byte;
  Outcome whole, pieces;
  at_once.feed(bytes);
  take(at_once, whole);
  for (std::size_t i = 0; i < bytes.size() && !pieces.garbage; ++i) {
    byte_by_byte.feed(std::string_view(bytes).substr(i, 1));
    take(byte_by_byte, pieces);
  }
  if (whole.messages != pieces.messages || whole.garbage != pieces.garbage) std::abort();
  if (std::string_view(bytes).substr(0, whole.messages.size()) != whole.messages) std::abort();
  return 0;
}
