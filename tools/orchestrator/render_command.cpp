#include "base/ms_since.hpp"
#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/display_arguments.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/interruption.hpp"
#include "orchestrator/plan_file.hpp"
#include "orchestrator/progress_display.hpp"
#include "orchestrator/render_arguments.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/tell.hpp"
#include "orchestrator/time_left.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace orchestrator::tool {

namespace {

struct RenderCommand {
  RenderArguments arguments{};
  std::string plan_file{};
  std::function<void()> check_plan{};  ///< throws if --plan and another option say the same
  ExecutorArguments executor{};
  DisplayArguments display{};
};

/// What to render. `plan` is there if it was given.
struct Job {
  RenderOptions options{};
  std::optional<RenderPlan> plan{};
};

Result<Job> job_of(const RenderCommand& command) {
  if (!command.plan_file.empty()) {
    auto plan = read_plan(command.plan_file, command.arguments.overwrite);
    if (!plan) return plan.error();
    return Job{.options = *plan->options, .plan = std::move(*plan)};
  }
  auto options = command.arguments.options();
  if (!options) return options.error();
  return Job{.options = std::move(*options)};
}

/// Renders by the plan if one was given, by the options otherwise, in the time of `options`.
Result<RenderResult> render(RenderExecutor& executor, const std::optional<RenderPlan>& plan, const RenderOptions& options,
                            const RenderEvents& events, const Interruption& stop) {
  RenderOrchestrator orchestrator(executor);
  if (!plan) return orchestrator.render(options, events, stop.token());
  RenderPlan in_time = *plan;
  RenderOptions planned = *plan->options;
  planned.timeouts = options.timeouts;
  set_options(in_time, std::move(planned));
  return orchestrator.render(in_time, events, stop.token());
}

/// Leaves in `job` the options as the composition has completed them.
Result<RenderResult> render(const RenderCommand& command, Job& job, ProgressDisplay& display, Ledger& ledger,
                            const Interruption& stop) {
  // Options are checked before anything is started or connected to.
  if (auto valid = validate(job.options); !valid) return valid.error();
  RenderOptions options = job.options;
  const auto start = std::chrono::steady_clock::now();
  const Tell tell = log_to(display, command.display.verbose);
  const ExecutorArguments::Work work{.workers = options.chunking.workers,
                                     .at_once = job.plan ? job.plan->workers : command.executor.most_at_once(options)};
  auto executor = command.executor.make(work, options.timeouts.total, stop.token(), tell);
  if (!executor) return executor.error();
  keep_to_slots(options, **executor);
  const auto left = time_left(options.timeouts.total, start);
  if (!left) return left.error();
  options.timeouts.total = *left;
  const auto getting_ready = ms_since(start);
  std::vector<RenderChunk> chunks;
  RenderEvents events = events_for(display, tell, chunks, ledger);
  events.on_plan = [&](const RenderPlan& plan) {
    job.options.video = plan.options->video;
    ledger.workers = plan.workers;
    chunks = plan.chunks;
  };
  auto result = render(**executor, job.plan, options, events, stop);
  if (result || result.error().code != Errc::timed_out || getting_ready.count() == 0) return result;
  Error late = result.error();
  late.detail += "; getting ready had taken " + std::to_string(getting_ready.count()) + " ms before";
  return late;
}

int run(const RenderCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  const Interruption interruption;
  const auto style = progress_style(command.display.progress);
  auto job = job_of(command);
  if (!style) job = wrong_progress();
  ProgressDisplay display(style.value_or(ProgressStyle::none));
  Ledger ledger;
  Result<RenderResult> result = job ? render(command, *job, display, ledger, interruption) : Result<RenderResult>(job.error());
  display.end();
  if (!result) result = tell_error(result.error());
  const auto wall = ms_since(start);
  RenderOptions shown = job ? job->options : RenderOptions{.output = command.arguments.output};
  shown.video = with_defaults(std::move(shown.video));
  if (command.display.json) {
    print_line(summary_json(shown, result, ledger, wall));
  } else if (result) {
    print_line(summary_text(*result));
  }
  return result ? 0 : exit_status_after(result.error(), interruption.signal());
}

/// Declares the options that say what to render, and --plan, which says it all by itself. Whether an existing film may be
/// replaced is known only when the plan is rendered.
void declare_plan(CLI::App& command, RenderCommand& state) {
  state.arguments.declare(command);
  const std::vector<CLI::Option*> in_the_plan = command.get_options(
      [](const CLI::Option* option) { return !option->check_lname("help") && !option->check_lname("overwrite"); });
  CLI::Option* plan =
      command.add_option("--plan", state.plan_file,
                         "Render by a plan that `orchestrator plan` printed, in place of composition, output and the options of "
                         "picture, sound, page and work; --overwrite and those of machines go with it");
  // Not by excludes(): --help would say so of each of them.
  state.check_plan = [plan, in_the_plan] {
    for (const CLI::Option* option : in_the_plan) {
      if (plan->count() > 0 && option->count() > 0) throw CLI::ExcludesError(plan->get_name(), option->get_name());
    }
  };
  plan->trigger_on_parse()->each([in_the_plan](const std::string&) {
    for (CLI::Option* option : in_the_plan) option->required(false);
  });
}

}  // namespace

void add_render_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("render", "Render a composition to a video file");
  auto state = std::make_shared<RenderCommand>();
  declare_plan(*command, *state);
  state->executor.declare(*command);
  state->display.declare(*command);
  command->footer(
      "Examples:\n"
      "  orchestrator render examples/composition --frames 0:450 --audio examples/composition/music.ogg -o out.mp4\n"
      "  orchestrator render https://example.com/intro --duration 10 --fps 30000/1001 --width 1280 --height 720 -o intro.mp4\n"
      "  orchestrator render scene --duration 60 -o out.mp4 --host node1 --host node2\n"
      "  orchestrator render scene --duration 60 -o out.mp4 --executor slurm --slurm-workers 16 --slurm-partition film\n"
      "  orchestrator render scene --duration 60 -o out.mp4 --lambda-function render --lambda-bucket my-renders\n\n"
      "Exit status: 0 done, 1 the render failed, 2 wrong usage or options, 130, 143 or 129 interrupted.");
  command->callback([state, &exit_status] {
    state->check_plan();
    exit_status = run(*state);
  });
}

}  // namespace orchestrator::tool
