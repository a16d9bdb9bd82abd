#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// The shortest text that reads back as `value`, with a point whatever the locale is.
std::string decimal(double value);

/// `text` up to its first line end.
std::string first_line(std::string_view text);

}  // namespace orchestrator
