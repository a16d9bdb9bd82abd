#pragma once

#include <orchestrator/error.hpp>

#include <string>

namespace orchestrator::tool {

/// Prints an error on stderr, with the command line's option names in place of fields. Returns the error in these words.
Error tell_error(const Error& error);

/// The exit status after an error (docs/command-line.md, "Exit status"). `signal` is the one that came meanwhile, or 0.
int exit_status_after(const Error& error, int signal);

/// The exit status of `chunk` after an error: as above, but `exit_elsewhere` where another machine, or this one later, may
/// succeed.
int chunk_exit_status_after(const Error& error, int signal);

/// Errc::invalid_options for a --progress that is none of its words.
Error wrong_progress();

/// Prints a line on stdout.
void print_line(const std::string& text);

}  // namespace orchestrator::tool
