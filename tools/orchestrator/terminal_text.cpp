#include "orchestrator/terminal_text.hpp"

#include "base/text_tail.hpp"

namespace orchestrator::tool {

std::string terminal_text(std::string_view text) {
  std::string result;
  const std::string valid = valid_utf8(text);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    // U+0080 ... U+009F, the C1 controls, are C2 80 ... C2 9F in UTF-8.
    const bool c1 = byte == 0xC2 && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0;
    if (byte == '\n') {
      result += "\n  | ";
    } else if (c1) {
      result += '?';
      ++i;
    } else {
      result += byte < 0x20 || byte == 0x7F ? ' ' : valid[i];
    }
  }
  return result;
}

}  // namespace orchestrator::tool
