#include "orchestrator/command_end.hpp"
#include "orchestrator/commands.hpp"

#include "base/machine_fault.hpp"
#include "capture/programs.hpp"
#include "media/ffmpeg_program.hpp"
#include "process/machine_size.hpp"
#include "worker/worker.hpp"

#include <orchestrator/worker/guarded_dir.hpp>

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace orchestrator::tool {

namespace {

/// What this machine can do and what it lacks, found out without running a program. An executor with several machines passes over
/// one that lacks something.
WorkerTraits traits() {
  WorkerTraits traits{.slots = default_workers(machine_size())};
  const auto chromium = find_chromium();
  if (!chromium && !find_headless_shell()) traits.missing.push_back(chromium.error().detail);
  if (const auto ffmpeg = ffmpeg_program(Stage::encode); !ffmpeg) traits.missing.push_back(ffmpeg.error().detail);
  if (const auto temporary = temporary_folder(); !temporary) traits.missing.push_back(temporary.error().detail);
  for (const auto& fault : {proc_fault(), loopback_fault(), open_files_fault()}) {
    if (fault) traits.missing.push_back(fault->text());
  }
  return traits;
}

/// The protocol gets descriptors of its own, so that nothing that prints by mistake can garble it.
int run() {
  const int input = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  const int output = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (input < 0 || output < 0 || null < 0) return exit_failed;
  ::dup2(null, STDIN_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  ::close(null);
  const auto end = run_worker(input, output, traits());
  if (end) return 0;
  tell_error(end.error());  // the host keeps a dead worker's last words
  return exit_failed;
}

}  // namespace

void add_worker_command(CLI::App& app, int& exit_status) {
  CLI::App* command =
      app.add_subcommand("worker", "Render chunks for a host that speaks the worker protocol on stdin and stdout");
  command->footer("Started by executors, not by people. docs/worker-protocol.md describes the protocol.");
  command->callback([&exit_status] { exit_status = run(); });
}

}  // namespace orchestrator::tool
