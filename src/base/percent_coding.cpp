#include "base/percent_coding.hpp"

#include <charconv>

namespace orchestrator {

namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
         c == '~';
}

}  // namespace

std::string percent_encode(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return encoded;
}

std::optional<char> percent_escape(std::string_view text) {
  constexpr std::size_t length = 3;
  if (text.size() < length || text.front() != '%') return std::nullopt;
  unsigned byte = 0;
  const char* end = text.data() + length;
  if (std::from_chars(text.data() + 1, end, byte, 16).ptr != end) return std::nullopt;  // no sign is read of an unsigned number
  return static_cast<char>(byte);
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto byte = percent_escape(text.substr(i));
    if (!byte) return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

}  // namespace orchestrator
