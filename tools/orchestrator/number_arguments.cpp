#include "orchestrator/number_arguments.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>

namespace orchestrator::tool {

namespace {

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Rational> parse_decimal(std::string_view text) {
  constexpr std::size_t most_digits = 9;  // keeps products with a frame rate far inside 64 bits
  const auto point = text.find('.');
  const std::string_view digits = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (point != std::string_view::npos && (digits.empty() || digits.size() > most_digits || digits.front() == '-')) return {};
  const std::string_view whole_text = text.substr(0, point);
  const auto whole = whole_text.empty() && !digits.empty() ? std::optional<std::int64_t>(0) : parse_integer(whole_text);
  const auto fraction = digits.empty() ? std::optional<std::int64_t>(0) : parse_integer(digits);
  if (!whole || !fraction || *whole > 1'000'000'000 || *whole < -1'000'000'000) return std::nullopt;
  std::int64_t denominator = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) denominator *= 10;
  const bool negative = !whole_text.empty() && whole_text.front() == '-';
  return Rational{*whole * denominator + (negative ? -*fraction : *fraction), denominator};
}

/// As CLI11 wants it: changes the word, and returns what is wrong with it.
std::string to_plain_decimal(std::string& word) {
  const auto value = parse_integer(word);
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

std::optional<Rational> parse_rational(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return parse_decimal(text);
  const auto num = parse_integer(text.substr(0, slash));
  const auto den = parse_integer(text.substr(slash + 1));
  if (!num || !den) return std::nullopt;
  return Rational{*num, *den};
}

std::optional<FrameRange> parse_frames(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = parse_integer(text.substr(0, colon));
  const auto last = parse_integer(text.substr(colon + 1));
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
