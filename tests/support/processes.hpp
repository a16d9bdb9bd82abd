#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator::test {

/// A line of the process table.
struct Process {
  pid_t pid{0};
  std::string command{};  ///< arguments, separated by blanks
};

/// The running processes (no zombies) that have `mark` in their environment or were started in `folder`. Both, because
/// Chromium's children overwrite their environment with a process title.
std::vector<Process> find_processes(std::string_view mark, const std::filesystem::path& folder);

/// The running descendants of `ancestor`, but not those whose link to it is lost because a process in between has ended.
std::vector<Process> descendants_of(pid_t ancestor);

/// The running processes in the network namespace that `member` is in.
std::vector<Process> network_neighbours_of(pid_t member);

/// A line "PID COMMAND" for each.
std::string describe(const std::vector<Process>& processes);

}  // namespace orchestrator::test
