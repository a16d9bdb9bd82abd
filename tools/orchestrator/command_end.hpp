#pragma once

#include <orchestrator/error.hpp>

#include <string>

namespace orchestrator::tool {

/// Says on stderr what went wrong, in the words of the command line; the error in these words.
Error tell_error(const Error& error);

/// docs/command-line.md, "Exit status"; `signal`: the one that came meanwhile, or 0.
int exit_status_after(const Error& error, int signal);

/// A line on stdout.
void print_line(const std::string& text);

}  // namespace orchestrator::tool
