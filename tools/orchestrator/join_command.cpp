#include "base/ms_since.hpp"
#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/display_arguments.hpp"
#include "orchestrator/interruption.hpp"
#include "orchestrator/plan_file.hpp"
#include "orchestrator/progress_display.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/tell.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

namespace orchestrator::tool {

namespace {

struct JoinCommand {
  std::string plan_file{};
  std::vector<std::string> sources{};
  std::string output{};
  bool overwrite{false};
  DisplayArguments display{};
};

/// The plan, with the output that the command line names instead of its own.
Result<RenderPlan> plan_of(const JoinCommand& command) {
  auto plan = read_plan(command.plan_file, command.overwrite);
  if (!plan || command.output.empty()) return plan;
  RenderOptions options = *plan->options;
  options.output = command.output;
  if (auto valid = validate(options); !valid) return valid.error();
  plan->final_output_file = command.output;
  set_options(*plan, std::move(options));
  return plan;
}

Result<std::vector<std::filesystem::path>> chunk_files(const RenderPlan& plan, const std::vector<std::string>& sources) {
  std::vector<std::filesystem::path> files;
  for (const std::string& source : sources) {
    std::error_code failed;
    const bool is_file = std::filesystem::exists(source, failed) && !std::filesystem::is_directory(source, failed);
    if (is_file) {
      if (!source.ends_with(".json")) files.emplace_back(source);  // FOLDER/* has proofs and perhaps the plan, too
      continue;
    }
    auto found = find_chunk_files(plan, source);
    if (!found) return found.error();
    files.insert(files.end(), found->begin(), found->end());
  }
  return files;
}

Result<RenderResult> join(const JoinCommand& command, const RenderPlan& plan, ProgressDisplay& display, Ledger& ledger,
                          const Interruption& stop) {
  auto files = chunk_files(plan, command.sources);
  if (!files) return files.error();
  const Tell tell = log_to(display, command.display.verbose);
  return RenderOrchestrator::assemble(plan, std::move(*files), events_for(display, tell, plan.chunks, ledger), stop.token());
}

int run(const JoinCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  const Interruption interruption;
  const auto style = progress_style(command.display.progress);
  auto plan = plan_of(command);
  if (!style) plan = wrong_progress();
  ProgressDisplay display(style.value_or(ProgressStyle::none));
  Ledger ledger;
  auto result = plan ? join(command, *plan, display, ledger, interruption) : Result<RenderResult>(plan.error());
  display.end();
  if (!result) result = tell_error(result.error());
  const auto wall = ms_since(start);
  const RenderOptions shown = plan ? *plan->options : RenderOptions{.output = command.output};
  if (command.display.json) {
    print_line(summary_json(shown, result, ledger, wall));
  } else if (result) {
    print_line(joined_text(*result));
  }
  return result ? 0 : exit_status_after(result.error(), interruption.signal());
}

}  // namespace

void add_join_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("join", "Join the chunks that `chunk` rendered, and mix the sound");
  auto state = std::make_shared<JoinCommand>();
  command->add_option("--plan", state->plan_file, "What `orchestrator plan` printed, and the chunks were rendered by")
      ->required();
  command->add_option("chunks", state->sources, "Folders with chunks, or chunk files")->required();
  command->add_option("-o,--output", state->output, "The .mp4 file to write; default: the plan's");
  command->add_flag("--overwrite", state->overwrite, "Replace an existing output");
  state->display.declare(*command);
  command->footer("Exit status: as of `render`.");
  command->callback([state, &exit_status] { exit_status = run(*state); });
}

}  // namespace orchestrator::tool
