#include "base/invalid_options.hpp"
#include "base/ms_since.hpp"
#include "base/web_url.hpp"
#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"
#include "orchestrator/display_arguments.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/interruption.hpp"
#include "orchestrator/render_arguments.hpp"
#include "orchestrator/terminal_text.hpp"
#include "orchestrator/time_left.hpp"
#include "orchestrator/verify_summary.hpp"

#include "process/machine_size.hpp"
#include "render/built_project.hpp"
#include "render/resolve_composition.hpp"
#include "verify/verification.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace orchestrator::tool {

namespace {

namespace fs = std::filesystem;

/// Eight busy loops on two cores showed every race that was known when this was written.
constexpr int loops_a_core = 4;
// Pictures of samples are kept in memory: 8 MB each at 1920x1080.
constexpr int most_samples = 100;
constexpr int most_loops = 1024;

struct VerifyCommand {
  RenderArguments arguments{};
  int samples{8};
  std::optional<int> load{};
  std::string keep{};
  LookArguments look{};
};

using Log = std::function<void(LogLevel, std::string_view)>;

/// The options with what the composition says where they leave it open. The frames are left to the passes, which find them out
/// themselves.
Result<RenderOptions> as_described(RenderOptions options, const Log& log, const Interruption& stop) {
  RenderOptions asked = options;
  if (!asked.frames.chosen()) asked.frames = {0, 1};
  if (!needs_description(asked)) return options;
  LocalExecutor executor({.workers = 1, .worker_command = worker_command()});
  const auto start = std::chrono::steady_clock::now();
  auto complete = RenderOrchestrator(executor).complete(asked, {.on_log = log}, stop.token());
  if (!complete) return complete;
  options.video = complete->video;
  options.composition_id = complete->composition_id;
  options.described = complete->described;
  const auto left = time_left(options.timeouts.total, start);
  if (!left) return left.error();
  options.timeouts.total = *left;
  return options;
}

/// RenderOptions in which what only a render needs is filled in, so that `verify` and `render` check options by the same rules.
Result<RenderOptions> picture_options(RenderArguments arguments, bool all_backends) {
  if (all_backends) arguments.capture = to_string(CaptureMode::automatic);
  arguments.output = "not-written.mp4";
  arguments.video.pixel_format = "yuv444p";  // allows odd sizes
  auto options = arguments.options();
  if (!options) return options;
  RenderOptions checked = *options;
  if (!checked.frames.chosen()) checked.frames = {0, 1};  // the page says how many there are
  if (auto valid = validate(checked); !valid) return valid.error();
  return options;
}

/// "verify-intro" for intro.html and for intro/index.html.
fs::path default_folder(const std::string& composition) {
  fs::path name = fs::path(composition.substr(0, composition.find_first_of("?#"))).lexically_normal();
  if (!name.has_filename() || name.filename() == "index.html") name = name.parent_path();
  const std::string stem = name.stem().string();
  return "verify-" + (stem.empty() ? "composition" : stem);
}

Result<VerifyOptions> verify_options(const VerifyCommand& command, const Log& log, const Interruption& stop) {
  const bool all_backends = command.arguments.capture == "all";
  auto render = picture_options(command.arguments, all_backends);
  if (!render) return render.error();
  if (command.samples < 1 || command.samples > most_samples) return invalid_options("--samples must be 1 ... 100");
  if (command.load && (*command.load < 0 || *command.load > most_loops)) return invalid_options("--load must be 0 ... 1024");
  auto composition = resolve_composition(render->composition);
  if (!composition) return composition.error();
  render = as_described(std::move(*render), log, stop);
  if (!render) return render.error();
  VerifyOptions options{.capture = render->capture, .all_backends = all_backends, .samples = command.samples};
  options.scene = {.composition = *composition,
                   .width = render->video.width,
                   .height = render->video.height,
                   .fps = render->video.fps,
                   .props = render->props,
                   .composition_id = render->composition_id,
                   .described = render->described,
                   .page = with_style_sheets(render->page, *composition),
                   .timeouts = render->timeouts};
  if (render->frames.chosen()) options.frames = render->frame_range();
  options.busy_loops = command.load ? *command.load : std::min(loops_a_core * machine_size().cores, most_loops);
  options.keep = command.keep.empty() ? default_folder(without_login(*composition)) : fs::path(command.keep);
  return options;
}

/// Shows on stderr what is going on; the count of frames only on a terminal.
class VerifyProgress {
 public:
  VerifyEvents events() {
    return {.on_pass_started = [this](const VerifyPass& pass) { name_ = to_string(pass); },
            .on_frame = [this](std::int64_t done, std::int64_t total) { count(done, total); },
            .on_pass_ended = [this](const VerifyPass& pass) { print(pass_text(pass)); }};
  }
  void print(const std::string& text) {
    std::fprintf(stderr, "%s%s\n", clear(), terminal_text(text).c_str());
    on_line_ = false;
  }
  void end() {
    std::fputs(clear(), stderr);
    on_line_ = false;
  }

 private:
  void count(std::int64_t done, std::int64_t total) {
    if (!on_terminal_) return;
    std::fprintf(stderr, "\r\033[K%s: %lld/%lld", name_.c_str(), static_cast<long long>(done), static_cast<long long>(total));
    std::fflush(stderr);
    on_line_ = true;
  }
  const char* clear() const { return on_line_ ? "\r\033[K" : ""; }

  bool on_terminal_{::isatty(STDERR_FILENO) != 0};
  bool on_line_{false};
  std::string name_{};
};

Result<VerifyReport> verify_composition(const VerifyCommand& command, const Interruption& stop) {
  VerifyProgress progress;
  // A text is printed once: each browser says the same about the same page.
  auto told = std::make_shared<std::set<std::string>>();
  const Log log = [&progress, told, verbose = command.look.verbose](LogLevel level, std::string_view text) {
    const bool is_warning = level == LogLevel::warning;
    if ((is_warning || verbose) && told->emplace(text).second)
      progress.print((is_warning ? "warning: " : "") + std::string(text));
  };
  auto options = verify_options(command, log, stop);
  if (!options) return options.error();
  options->scene.log = log;
  auto result = verify(*options, progress.events(), stop.token());
  progress.end();
  return result;
}

int run(const VerifyCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  const Interruption interruption;
  ::signal(SIGPIPE, SIG_IGN);  // a write to a browser that died must be an error, not the end of this process
  auto result = verify_composition(command, interruption);
  if (!result) result = tell_error(result.error());
  const auto wall = ms_since(start);
  if (command.look.json) {
    print_line(verify_json(command.arguments.composition, result, wall));
  } else if (result) {
    print_line(verify_text(command.arguments.composition, *result));
  }
  if (!result) return exit_status_after(result.error(), interruption.signal());
  return result->difference ? exit_differs : 0;
}

}  // namespace

void add_verify_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("verify", "Check that a composition looks the same however its frames are reached");
  auto state = std::make_shared<VerifyCommand>();
  state->arguments.declare_composition(*command);
  command->get_option("--frames")->description("FIRST:LAST, half-open; default: what the page declares, or 0:60");
  state->arguments.declare_page(*command);
  command->get_option("--capture")->description("auto, shm, beginframe, screenshot, or all: the backends are compared, too");
  command->add_option("--samples", state->samples, "How many frames are captured from fresh browsers")->capture_default_str();
  command->add_option("--load", state->load, "Busy loops in the passes under load; 0: no such passes; default: 4 a core");
  command->add_option("--keep", state->keep, "Where the pictures of a difference go; default: verify-NAME");
  state->look.declare(*command, state->arguments.total_timeout_s);
  command->footer(
      "Captures all frames in sequence, and samples of them from fresh browsers that go straight there, both on a quiet machine\n"
      "and while all cores are busy. All pictures of a frame must be the same to the bit: what a render shows then does not "
      "depend\n"
      "on where it was cut into chunks, nor on how busy its machines were. At a difference, the first frame's pictures are "
      "kept.\n\n"
      "Examples:\n"
      "  orchestrator verify examples/composition\n"
      "  orchestrator verify scene --frames 0:300 --samples 20 --capture all\n"
      "  orchestrator verify scene --width 320 --height 180 --load 0\n\n"
      "Exit status: 0 the same, 3 a frame differs, 1 it could not be checked, 2 wrong usage or options, 130, 143 or 129 "
      "interrupted.");
  command->callback([state, &exit_status] { exit_status = run(*state); });
}

}  // namespace orchestrator::tool
