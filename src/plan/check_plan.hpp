#pragma once

#include <orchestrator/render_plan.hpp>

namespace orchestrator {

/// Checks a plan that came from outside: its options, and whether its fields agree. A render of one that contradicts itself would
/// be silently wrong. Errors: Errc::invalid_options, naming the field.
Result<void> check_plan(const RenderPlan& plan);

}  // namespace orchestrator
