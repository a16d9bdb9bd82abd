#pragma once

#include <orchestrator/render_plan.hpp>

namespace orchestrator {

/// Makes the plan for RenderOrchestrator::plan: `executor_slots` chunks at the same time, unless the options say how many.
Result<RenderPlan> make_plan(RenderOptions options, int executor_slots);

}  // namespace orchestrator
