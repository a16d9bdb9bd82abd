#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace orchestrator {

/// What proc(5) says in /proc/PID/stat, as far as it matters here.
struct ProcessStat {
  char state{'?'};  ///< 'Z' is a process that has ended
  pid_t group{0};
  std::int64_t ticks{0};  ///< user + system, of the process and of its children that have ended
};
/// Reads one such line; the program's name in it may contain anything, also spaces and parentheses.
std::optional<ProcessStat> parse_process_stat(std::string_view line);

/// CPU used so far by all processes of a process group, as found in /proc.
std::chrono::microseconds process_group_cpu(pid_t group);
/// True while a process of the group has not ended; those that ended and were not waited for do not count.
bool process_group_runs(pid_t group);
/// CPU used so far by one process.
std::chrono::microseconds process_cpu(pid_t process);

}  // namespace orchestrator
