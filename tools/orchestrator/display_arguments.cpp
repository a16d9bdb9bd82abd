#include "orchestrator/display_arguments.hpp"

#include <CLI/CLI.hpp>

namespace orchestrator::tool {

namespace {

void declare_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "Print one JSON object with the result on stdout");
}

}  // namespace

void DisplayArguments::declare(CLI::App& command) {
  command.add_option("--progress", progress, "auto (a bar on a terminal), bar, json (lines on stderr) or none")
      ->capture_default_str();
  declare_json(command, json);
  command.add_flag("-v,--verbose", verbose, "Print all that is logged, by pages and workers, too");
}

void LookArguments::declare(CLI::App& command, double& timeout_s) {
  command.add_option("--timeout", timeout_s, "Seconds for all of it; 0: no limit")->capture_default_str();
  declare_json(command, json);
  command.add_flag("-v,--verbose", verbose, "Print what the page logs");
}

}  // namespace orchestrator::tool
