#pragma once

#include <orchestrator/render_plan.hpp>

#include <string>

namespace orchestrator::tool {

/// The plan that `orchestrator plan` printed into a file. `overwrite`: what exists may be replaced, whatever the plan says.
/// Errors: Errc::invalid_options, naming the file.
Result<RenderPlan> read_plan(const std::string& file, bool overwrite);

}  // namespace orchestrator::tool
