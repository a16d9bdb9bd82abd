#include <orchestrator/worker/messages.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// What is understood is written and read back as the same; what is not is refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator::protocol;
  const auto message = parse_message({reinterpret_cast<const char*>(data), size});
  if (!message) {
    if (message.error().detail.empty()) std::abort();
    return 0;
  }
  const std::string text = to_json(*message);
  const auto again = parse_message(text);
  if (!again || to_json(*again) != text) std::abort();
  return 0;
}
