#pragma once

#include <orchestrator/frame_range.hpp>

#include <optional>
#include <string_view>

namespace CLI {
class App;
}

namespace orchestrator::tool {

/// "0:300": half-open.
std::optional<FrameRange> parse_frames(std::string_view text);
std::optional<double> parse_finite(std::string_view text);
/// Lets the command's whole numbers be decimal, with leading zeros as `seq -w` prints them; CLI11 would take 010 for 8 and 0x10
/// for 16.
void read_decimal_numbers(CLI::App& command);

}  // namespace orchestrator::tool
