#include "orchestrator/plan_file.hpp"

#include "base/invalid_options.hpp"
#include "orchestrator/text_file.hpp"

namespace orchestrator::tool {

Result<RenderPlan> read_plan(const std::string& file, bool overwrite) {
  const auto text = text_of_file(file);
  if (!text) return invalid_options("--plan: " + text.error().detail);
  auto plan = plan_from_json(*text);
  if (!plan) return invalid_options("--plan " + file + ": " + plan.error().detail);
  RenderOptions options = *plan->options;
  options.overwrite = options.overwrite || overwrite;
  set_options(*plan, std::move(options));
  return plan;
}

}  // namespace orchestrator::tool
