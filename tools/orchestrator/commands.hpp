#pragma once

namespace CLI {
class App;
}

namespace orchestrator::tool {

/// Each declares one command on `app`; it runs when the command line names it and sets `exit_status`.
void add_render_command(CLI::App& app, int& exit_status);
void add_compositions_command(CLI::App& app, int& exit_status);
void add_plan_command(CLI::App& app, int& exit_status);
void add_chunk_command(CLI::App& app, int& exit_status);
void add_join_command(CLI::App& app, int& exit_status);
void add_verify_command(CLI::App& app, int& exit_status);
void add_worker_command(CLI::App& app, int& exit_status);
void add_doctor_command(CLI::App& app, int& exit_status);

/// docs/command-line.md, "Exit status".
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_differs = 3;     // `verify` found a difference
inline constexpr int exit_elsewhere = 75;  // of `chunk`: EX_TEMPFAIL of sysexits(3), "the user is invited to retry"

}  // namespace orchestrator::tool
