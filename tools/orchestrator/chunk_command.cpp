#include "base/ms_since.hpp"
#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/display_arguments.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/interruption.hpp"
#include "orchestrator/plan_file.hpp"
#include "orchestrator/progress_display.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/tell.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace orchestrator::tool {

namespace {

struct ChunkCommand {
  std::string plan_file{};
  int chunk{0};
  std::string folder{};
  bool overwrite{false};
  ExecutorArguments executor{};
  DisplayArguments display{};
};

Result<RenderedChunk> render_chunk(const ChunkCommand& command, const RenderPlan& plan, ProgressDisplay& display, Ledger& ledger,
                                   const Interruption& stop) {
  const Tell tell = log_to(display, command.display.verbose);
  auto executor = command.executor.make({.workers = 1, .at_once = 1}, plan.options->timeouts.total, stop.token(), tell);
  if (!executor) return executor.error();
  ledger.workers = 1;
  const RenderEvents events = events_for(display, tell, plan.chunks, ledger);
  const ChunkTarget target{.folder = command.folder, .overwrite = command.overwrite};
  auto rendered = RenderOrchestrator(**executor).render_chunk(plan, command.chunk, target, events, stop.token());
  if (rendered) ledger.chunks[rendered->report.id] = rendered->report;
  return rendered;
}

/// The chunk in the words of a render, which people and programs know.
RenderResult result_of(const RenderedChunk& chunk, const VideoOptions& video) {
  return {.output = chunk.file,
          .frames = chunk.report.frame_count,
          .width = video.width,
          .height = video.height,
          .fps = video.fps,
          .workers = 1,
          .wall = chunk.wall,
          .chunks = {chunk.report}};
}

int run(const ChunkCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  const Interruption interruption;
  const auto style = progress_style(command.display.progress);
  auto plan = read_plan(command.plan_file, false);
  if (!style) plan = wrong_progress();
  ProgressDisplay display(style.value_or(ProgressStyle::none));
  Ledger ledger;
  auto rendered = plan ? render_chunk(command, *plan, display, ledger, interruption) : Result<RenderedChunk>(plan.error());
  display.end();
  if (!rendered) rendered = tell_error(rendered.error());
  RenderOptions shown = plan ? *plan->options : RenderOptions{};
  shown.output = rendered ? rendered->file : std::filesystem::path(command.folder);
  const Result<RenderResult> result =
      rendered ? Result<RenderResult>(result_of(*rendered, shown.video)) : Result<RenderResult>(rendered.error());
  const auto wall = ms_since(start);
  if (command.display.json) {
    print_line(summary_json(shown, result, ledger, wall));
  } else if (rendered && rendered->was_there) {
    print_line(rendered->file.string() + ": had been rendered before");
  } else if (rendered) {
    print_line(summary_text(*result));
  }
  return rendered ? 0 : chunk_exit_status_after(rendered.error(), interruption.signal());
}

}  // namespace

void add_chunk_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("chunk", "Render one chunk of a plan, for `join`; for people with a queue of their own");
  auto state = std::make_shared<ChunkCommand>();
  command->add_option("--plan", state->plan_file, "What `orchestrator plan` printed")->required();
  command->add_option("--chunk", state->chunk, "Which chunk of the plan: 0, 1, 2 ...")->required();
  command->add_option("-o,--output", state->folder, "The folder to write the chunk and its proof to; made if it is not there")
      ->required();
  command->add_flag("--overwrite", state->overwrite,
                    "Render again what is finished, and replace whatever lies under the chunk's name");
  state->executor.declare(*command);
  state->display.declare(*command);
  command->footer(
      "Example:\n"
      "  orchestrator plan scene --duration 60 --chunks 16 -o out.mp4 > plan.json\n"
      "  seq 0 15 | parallel orchestrator chunk --plan plan.json --chunk {} -o chunks\n"
      "  orchestrator join --plan plan.json chunks\n\n"
      "Exit status: 0 done, 1 it would fail again, 2 wrong usage or plan, 75 it may succeed elsewhere or later, 130, 143 or 129 "
      "interrupted.");
  command->callback([state, &exit_status] { exit_status = run(*state); });
}

}  // namespace orchestrator::tool
