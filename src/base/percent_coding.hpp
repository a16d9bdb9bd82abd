#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// Everything but A-Z a-z 0-9 - _ . ~ (RFC 3986, 2.3) and what is in `kept`, as %XX.
std::string percent_encode(std::string_view text, std::string_view kept = {});
/// Every %XX as its byte (RFC 3986, 2.1); nothing if a '%' has no two digits.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace orchestrator
