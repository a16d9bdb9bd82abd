#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator::tool {

/// The word that was probably meant: one with at most a third of its letters (at least one) typed wrong, swapped, missing or too
/// many. Pure.
std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& words);

}  // namespace orchestrator::tool
