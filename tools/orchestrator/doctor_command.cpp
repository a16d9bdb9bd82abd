#include "orchestrator/commands.hpp"
#include "orchestrator/doctor.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace orchestrator::tool {

void add_doctor_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("doctor", "Say whether this machine can render, and what to install if not");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "Print one JSON object");
  command->callback([as_json, &exit_status] {
    const auto checks = examine_machine();
    std::fputs((*as_json ? doctor_json(checks) : doctor_text(checks)).c_str(), stdout);
    exit_status = can_render(checks) ? 0 : exit_failed;
  });
}

}  // namespace orchestrator::tool
