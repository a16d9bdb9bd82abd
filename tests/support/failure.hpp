#pragma once

#include "support/sandbox.hpp"

#include <optional>
#include <string>
#include <vector>

namespace orchestrator::test {

/// What a failed render must say.
struct ExpectedFailure {
  std::string code{};
  std::string stage{};
  std::vector<std::string> names{};     ///< what the message must name
  std::optional<int> chunk{};           ///< nothing: the error belongs to no chunk
  std::optional<std::int64_t> frame{};  ///< the composition's frame number
  std::chrono::milliseconds within{20'000};
  int exit_status{1};
};

/// Checks exit status, JSON error and text of a failed render, and that nothing is left behind.
void check_failure(const Sandbox& sandbox, const ToolEnd& end, const ExpectedFailure& expected);

/// Renders over an existing film (--overwrite). The render must fail as expected, and the film must stay as it was.
void check_render_fails(Sandbox& sandbox, const std::string& composition, const std::string& frames, Arguments more,
                        const ExpectedFailure& expected);

}  // namespace orchestrator::test
