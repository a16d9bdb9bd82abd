#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orchestrator {

/// One field of a CDP reply or event by JSON pointer (RFC 6901) such as "/result/value"; nothing if missing or of another type.
std::optional<std::string> cdp_text(std::string_view json, std::string_view pointer);
std::optional<std::int64_t> cdp_integer(std::string_view json, std::string_view pointer);
std::optional<bool> cdp_flag(std::string_view json, std::string_view pointer);
/// The JSON text of an object or array, exactly as Chromium sent it.
std::optional<std::string> cdp_json(std::string_view json, std::string_view pointer);
/// The members of an object whose values are texts, in its order; none if there is no such object.
std::vector<std::pair<std::string, std::string>> cdp_texts(std::string_view json, std::string_view pointer);
/// True if there is such a field, whatever its type.
bool cdp_has(std::string_view json, std::string_view pointer);

/// `text` as a JSON string with quotes; bytes that are not UTF-8 become '?'.
std::string cdp_quote(std::string_view text);

}  // namespace orchestrator
