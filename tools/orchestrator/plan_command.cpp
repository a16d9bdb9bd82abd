#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/interruption.hpp"
#include "orchestrator/render_arguments.hpp"
#include "orchestrator/terminal_text.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

namespace orchestrator::tool {

namespace {

struct PlanCommand {
  RenderArguments arguments{};
  ExecutorArguments executor{};
};

void warn(LogLevel level, std::string_view text) {
  if (level == LogLevel::warning) std::fprintf(stderr, "warning: %s\n", terminal_text(std::string(text)).c_str());
}

/// Says in the plan what it is made for. It can be made where the composition is not.
Result<void> add_content(RenderPlan& plan, const Interruption& stop) {
  auto content = read_content(plan.options->composition, stop.token());
  if (content) {
    plan.content = std::move(*content);
  } else if (content.error().code == Errc::cancelled) {
    return content.error();
  } else {
    warn(LogLevel::warning, "the plan does not say what the composition holds: " + content.error().detail);
  }
  return {};
}

/// A plan that is redirected into the composition's folder changes what it says of that folder.
Result<void> check_place(const RenderPlan& plan) {
  namespace fs = std::filesystem;
  struct stat target {};
  struct stat file {};
  if (::fstat(STDOUT_FILENO, &target) != 0 || !S_ISREG(target.st_mode)) return {};
  const fs::path composition(plan.options->composition);
  std::error_code failed;
  const fs::path folder = fs::is_directory(composition, failed) ? composition : composition.parent_path();
  for (const auto& [name, digest] : plan.content.files) {
    const fs::path path = folder / name;
    if (::stat(path.c_str(), &file) != 0 || file.st_dev != target.st_dev || file.st_ino != target.st_ino) continue;
    return Error{.code = Errc::invalid_options,
                 .detail = "standard output goes to " + path.string() +
                           ", in the composition's folder, which is to stay as the plan says: write the plan elsewhere"};
  }
  return {};
}

Result<RenderPlan> make_plan(const PlanCommand& command, const Interruption& stop) {
  auto options = command.arguments.options();
  if (!options) return options.error();
  if (auto valid = validate(*options); !valid) return valid.error();
  const auto executor =
      command.executor.make({.workers = options->chunking.workers}, options->timeouts.total, stop.token(), warn);
  if (!executor) return executor.error();
  keep_to_slots(*options, **executor);
  RenderOrchestrator orchestrator(**executor);
  options = orchestrator.complete(*options, {.on_log = warn}, stop.token());
  if (!options) return options.error();
  auto plan = RenderOrchestrator::plan(*options, (*executor)->capabilities());
  if (!plan) return plan;
  if (auto added = add_content(*plan, stop); !added) return added.error();
  if (auto elsewhere = check_place(*plan); !elsewhere) return elsewhere.error();
  return plan;
}

int run(const PlanCommand& command) {
  const Interruption interruption;
  const auto plan = make_plan(command, interruption);
  if (!plan) {
    tell_error(plan.error());
    return exit_status_after(plan.error(), interruption.signal());
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
