#include "orchestrator/number_arguments.hpp"

#include "base/parse_number.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>

namespace orchestrator::tool {

namespace {

/// As CLI11 wants it: changes the word, and returns what is wrong with it.
std::string to_plain_decimal(std::string& word) {
  const auto value = parse_number<std::int64_t>(word);
  if (!value) return "is '" + word + "', not a whole number";
  word = std::to_string(*value);
  return {};
}

}  // namespace

void read_decimal_numbers(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_type_name() == "INT") option->transform(CLI::Validator(to_plain_decimal, ""));
  }
}

std::optional<FrameRange> parse_frames(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = parse_number<std::int64_t>(text.substr(0, colon));
  const auto last = parse_number<std::int64_t>(text.substr(colon + 1));
  if (!first || !last) return std::nullopt;
  return FrameRange{*first, *last};
}

std::optional<double> parse_finite(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace orchestrator::tool
