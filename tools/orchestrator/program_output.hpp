#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <vector>

namespace orchestrator::tool {

/// Runs a program to its end; returns what it wrote on stdout. The error says why it cannot be run, or how it ended.
Result<std::string> program_output(std::vector<std::string> argv);

}  // namespace orchestrator::tool
