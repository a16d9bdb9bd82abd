#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// The shortest text that reads back as `value`, with a point whatever the locale is.
std::string decimal(double value);

/// `text` up to its first line end.
std::string first_line(std::string_view text);

/// `text` without the white space at its beginning and end.
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace orchestrator
