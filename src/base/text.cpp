#include "base/text.hpp"

#include <charconv>

namespace orchestrator {

std::string decimal(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);  // not printf, which writes a comma in some locales
  return std::string(text, end);
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace orchestrator
