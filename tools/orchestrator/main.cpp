#include "orchestrator/commands.hpp"
#include "orchestrator/summary.hpp"

#include <orchestrator/version.hpp>

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <string_view>

namespace {

/// Usage errors happen before any option is known, so `--json` is looked for by hand.
void report_usage_error(int argc, char** argv, const CLI::ParseError& error) {
  std::fprintf(stderr, "orchestrator: error: %s\nRun with --help for usage.\n", error.what());
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--json") continue;
    const orchestrator::Error wrong{.code = orchestrator::Errc::invalid_options, .detail = error.what()};
    std::printf("%s\n", orchestrator::tool::summary_json({}, wrong, {}, std::chrono::milliseconds(0)).c_str());
    return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace orchestrator::tool;
  ::signal(SIGCHLD, SIG_DFL);  // a parent may have left it ignored, and then no child's exit status is to be had
  CLI::App app("Turns an animated web page into a video file.", "orchestrator");
  app.set_version_flag("--version", "orchestrator " ORCHESTRATOR_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(32);
  int exit_status = 0;
  add_render_command(app, exit_status);
  add_plan_command(app, exit_status);
  add_doctor_command(app, exit_status);
  add_worker_command(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    report_usage_error(argc, argv, error);
    return exit_usage;
  }
  return exit_status;
}
