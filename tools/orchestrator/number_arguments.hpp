#pragma once

#include <orchestrator/frame_range.hpp>

#include <optional>
#include <string_view>

namespace orchestrator::tool {

/// "30", "29.97", "30000/1001"; exact, nothing goes through floating point.
std::optional<Rational> parse_rational(std::string_view text);
/// "0:300": half-open.
std::optional<FrameRange> parse_frames(std::string_view text);
std::optional<double> parse_finite(std::string_view text);

}  // namespace orchestrator::tool
