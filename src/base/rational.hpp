#pragma once

#include <orchestrator/frame_range.hpp>

#include <optional>
#include <string_view>

namespace orchestrator {

/// "30", "29.97", "30000/1001"; exact, nothing goes through floating point.
std::optional<Rational> parse_rational(std::string_view text);

}  // namespace orchestrator
