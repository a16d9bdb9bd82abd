#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace orchestrator {

/// Reads `text`, all of it, as a decimal number: no sign but '-', no spaces, whatever the locale.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace orchestrator
