#include "cdp/cdp_message.hpp"

#include "cdp/cdp_fields.hpp"
#include "cdp/cdp_splitter.hpp"
#include "page/refusals.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Whatever comes out of the browser's pipe is either a message, whose body can be asked for fields, or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator;
  CdpSplitter splitter;
  std::string text;
  while (size > 0) {
    const auto room = splitter.room();
    const std::size_t taken = std::min(size, room.size());
    std::copy_n(data, taken, room.begin());
    splitter.commit(taken);
    data += taken;
    size -= taken;
    while (splitter.next(text)) {
      const auto message = parse_cdp_message(text);
      if (!message && message.error().detail.empty()) std::abort();
      if (!message) continue;
      cdp_text(message->body, "/exceptionDetails/exception/description");
      cdp_integer(message->body, "/result/value/frames");
      cdp_json(message->body, "/args/0");
      refusal_in_log(message->body);
      block_reason(message->body);
      style_sheet_refusal(message->body);
    }
  }
  return 0;
}
