#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// Encodes to base64 in one line, padded (RFC 4648, section 4).
std::string encode_base64(std::string_view bytes);

/// Decodes base64 (RFC 4648, section 4) as CDP sends it: no line breaks, padded. Nothing if `text` is anything else.
std::optional<std::vector<std::byte>> decode_base64(std::string_view text);

}  // namespace orchestrator
