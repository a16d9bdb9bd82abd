#include "base/rational.hpp"

#include "base/parse_number.hpp"

namespace orchestrator {

namespace {

std::optional<Rational> parse_decimal(std::string_view text) {
  constexpr std::size_t most_digits = 9;  // keeps products with a frame rate far inside 64 bits
  const auto point = text.find('.');
  const std::string_view digits = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (point != std::string_view::npos && (digits.empty() || digits.size() > most_digits || digits.front() == '-')) return {};
  const std::string_view whole_text = text.substr(0, point);
  const auto whole =
      whole_text.empty() && !digits.empty() ? std::optional<std::int64_t>(0) : parse_number<std::int64_t>(whole_text);
  const auto fraction = digits.empty() ? std::optional<std::int64_t>(0) : parse_number<std::int64_t>(digits);
  if (!whole || !fraction || *whole > 1'000'000'000 || *whole < -1'000'000'000) return std::nullopt;
  std::int64_t denominator = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) denominator *= 10;
  const bool negative = !whole_text.empty() && whole_text.front() == '-';
  return Rational{*whole * denominator + (negative ? -*fraction : *fraction), denominator};
}

}  // namespace

std::optional<Rational> parse_rational(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return parse_decimal(text);
  const auto num = parse_number<std::int64_t>(text.substr(0, slash));
  const auto den = parse_number<std::int64_t>(text.substr(slash + 1));
  if (!num || !den) return std::nullopt;
  return Rational{*num, *den};
}

}  // namespace orchestrator
