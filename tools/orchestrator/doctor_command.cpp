#include "orchestrator/commands.hpp"
#include "orchestrator/doctor.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

namespace orchestrator::tool {

namespace {

/// A line that the next one replaces, for who waits at a terminal. Empty: none.
void show(const std::string& line) {
  if (::isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("doctor", "Try whether this machine can render, and say what mends it if not");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "Print one JSON object");
  command->callback([as_json, &exit_status] {
    const auto checks = examine_machine([](const std::string& what) { show("rendering three frames: " + what); });
    show("");
    std::fputs((*as_json ? doctor_json(checks) : doctor_text(checks)).c_str(), stdout);
    exit_status = can_render(checks) ? 0 : exit_failed;
  });
}

}  // namespace orchestrator::tool
