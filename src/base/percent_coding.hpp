#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// Encodes every byte as %XX but A-Z a-z 0-9 - _ . ~ (RFC 3986, 2.3) and those in `kept`.
std::string percent_encode(std::string_view text, std::string_view kept = {});
/// The byte that "%XX" at the start of `text` stands for; nothing if there is none.
std::optional<char> percent_escape(std::string_view text);
/// Decodes every %XX (RFC 3986, 2.1); nothing if a '%' has no two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace orchestrator
