#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/render_arguments.hpp"
#include "orchestrator/terminal_text.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace orchestrator::tool {

namespace {

struct PlanCommand {
  RenderArguments arguments{};
  ExecutorArguments executor{};
};

Result<RenderPlan> make_plan(const PlanCommand& command) {
  auto options = command.arguments.options();
  if (!options) return options.error();
  if (auto valid = validate(*options); !valid) return valid.error();
  const auto warn = [](LogLevel level, std::string_view text) {
    if (level == LogLevel::warning) std::fprintf(stderr, "warning: %s\n", terminal_text(std::string(text)).c_str());
  };
  const auto executor = command.executor.make(options->chunking.workers, options->timeouts.total, {}, warn);
  if (!executor) return executor.error();
  keep_to_slots(*options, **executor);
  return RenderOrchestrator::plan(*options, (*executor)->capabilities());
}

int run(const PlanCommand& command) {
  const auto plan = make_plan(command);
  if (!plan) {
    tell_error(plan.error());
    return exit_usage;
  }
  print_line(to_json(*plan));
  return 0;
}

}  // namespace

void add_plan_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("plan", "Print, as JSON, what `render` with the same options would do");
  auto state = std::make_shared<PlanCommand>();
  state->arguments.declare(*command);
  state->executor.declare(*command);
  command->callback([state, &exit_status] { exit_status = run(*state); });
}

}  // namespace orchestrator::tool
