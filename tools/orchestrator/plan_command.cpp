#include "orchestrator/commands.hpp"
#include "orchestrator/option_names.hpp"
#include "orchestrator/render_arguments.hpp"
#include "orchestrator/terminal_text.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace orchestrator::tool {

namespace {

int run(const RenderArguments& arguments) {
  auto options = arguments.options();
  auto plan = options ? RenderOrchestrator::plan(*options, LocalExecutor({.workers = arguments.workers}).capabilities())
                      : Result<RenderPlan>(options.error());
  if (!plan) {
    std::fprintf(stderr, "orchestrator: error: %s\n", terminal_text(in_option_names(plan.error()).message()).c_str());
    return exit_usage;
  }
  std::printf("%s\n", to_json(*plan).c_str());
  return 0;
}

}  // namespace

void add_plan_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("plan", "Print, as JSON, what `render` with the same options would do");
  auto arguments = std::make_shared<RenderArguments>();
  arguments->declare(*command);
  command->callback([arguments, &exit_status] { exit_status = run(*arguments); });
}

}  // namespace orchestrator::tool
