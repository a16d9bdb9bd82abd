#include "base/base64.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

namespace orchestrator {

namespace {

constexpr std::uint32_t no_letter = 1U << 31;

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  table.fill(no_letter);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::uint32_t value = 0; value < 64; ++value) table[static_cast<unsigned char>(alphabet[value])] = value;
  return table;
}

constexpr std::array<std::uint32_t, 256> table = make_table();

/// Decodes four letters to 24 bits. The top bit of the result is set if one of them is no base64 letter.
std::uint32_t decode_group(const char* letters) {
  const auto value = [letters](int i) { return table[static_cast<unsigned char>(letters[i])]; };
  const std::uint32_t bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
  const std::uint32_t wrong = (value(0) | value(1) | value(2) | value(3)) & no_letter;
  return bits | wrong;
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // + 1: EVP_EncodeBlock adds a NUL (EVP_EncodeInit(3))
  const auto* input = reinterpret_cast<const unsigned char*>(bytes.data());
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), input, static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::vector<std::byte>> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::vector<std::byte> bytes(text.size() / 4 * 3);
  std::byte* out = bytes.data();
  std::uint32_t wrong = 0;
  for (std::size_t at = 0; at < text.size(); at += 4, out += 3) {
    std::array<char, 4> letters{text[at], text[at + 1], text[at + 2], text[at + 3]};
    if (at + 4 == text.size()) {
      for (std::size_t i = 4 - padding; i < 4; ++i) letters[i] = 'A';
    }
    const std::uint32_t bits = decode_group(letters.data());
    wrong |= bits & no_letter;
    out[0] = static_cast<std::byte>(bits >> 16 & 0xff);
    out[1] = static_cast<std::byte>(bits >> 8 & 0xff);
    out[2] = static_cast<std::byte>(bits & 0xff);
  }
  if (wrong != 0) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace orchestrator
