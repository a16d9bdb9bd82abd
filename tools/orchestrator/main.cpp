#include "orchestrator/commands.hpp"
#include "orchestrator/number_arguments.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/terminal_text.hpp"
#include "orchestrator/usage_error.hpp"

#include <orchestrator/version.hpp>

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace {

/// Opens standard descriptors that are closed. Otherwise the next file that is opened would get such a number, and with it what
/// is printed.
void fill_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // Opened for the other direction, so that using it stays an error. The lowest free number is this one (open(2)).
    static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

/// Usage errors happen before any option is known, so `--json` is looked for by hand.
void report_usage_error(int argc, char** argv, const std::string& what) {
  std::fprintf(stderr, "orchestrator: error: %s\nRun with --help for usage.\n", orchestrator::tool::terminal_text(what).c_str());
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--json") continue;
    const orchestrator::Error wrong{.code = orchestrator::Errc::invalid_options, .detail = what};
    std::printf("%s\n", orchestrator::tool::summary_json({}, wrong, {}, std::chrono::milliseconds(0)).c_str());
    return;
  }
}

/// The exit status once stdout is flushed. If that fails, it is an error, `lost`: a script must not take lost output for a
/// success.
int flushed(int exit_status, int lost = orchestrator::tool::exit_failed) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_status;
  std::fprintf(stderr, "orchestrator: error: cannot write to standard output: %s\n", std::strerror(errno));
  return exit_status == 0 ? lost : exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace orchestrator::tool;
  fill_standard_descriptors();
  ::signal(SIGCHLD, SIG_DFL);  // a parent may have left it ignored, and then the exit status of a child is lost
  CLI::App app("Turns an animated web page into a video file.", "orchestrator");
  app.set_version_flag("--version", "orchestrator " ORCHESTRATOR_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(32);
  int exit_status = 0;
  add_render_command(app, exit_status);
  add_compositions_command(app, exit_status);
  add_plan_command(app, exit_status);
  add_chunk_command(app, exit_status);
  add_join_command(app, exit_status);
  add_verify_command(app, exit_status);
  add_doctor_command(app, exit_status);
  add_worker_command(app, exit_status);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) read_decimal_numbers(*command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return flushed(app.exit(error));  // --help, --version
    report_usage_error(argc, argv, usage_error(app, error, argc > 1 ? argv[1] : ""));
    exit_status = exit_usage;
  }
  // A finished chunk is no chunk that would fail again.
  return flushed(exit_status, app.got_subcommand("chunk") ? exit_elsewhere : exit_failed);
}
