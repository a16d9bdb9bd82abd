#include "orchestrator/display_arguments.hpp"

#include <CLI/CLI.hpp>

namespace orchestrator::tool {

void DisplayArguments::declare(CLI::App& command) {
  command.add_option("--progress", progress, "auto (a bar on a terminal), bar, json (lines on stderr) or none")
      ->capture_default_str();
  command.add_flag("--json", json, "Print one JSON object with the result on stdout");
  command.add_flag("-v,--verbose", verbose, "Print all that is logged, by pages and workers, too");
}

}  // namespace orchestrator::tool
