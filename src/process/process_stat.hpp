#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace orchestrator {

/// What proc(5) says in /proc/PID/stat, as far as it matters here.
struct ProcessStat {
  char state{'?'};  ///< 'Z': a process that has ended but was not waited for
  pid_t parent{0};
  pid_t group{0};
  std::int64_t ticks{0};  ///< clock ticks, user + system, of the process and of the children it has waited for
};

/// Reads a line of /proc/PID/stat. The program's name in it may contain anything, even spaces and parentheses.
std::optional<ProcessStat> parse_process_stat(std::string_view line);
/// Nothing if the process has gone.
std::optional<ProcessStat> read_process_stat(pid_t process);
/// Visits every process that /proc shows.
void for_each_process(const std::function<void(pid_t, const ProcessStat&)>& visit);

}  // namespace orchestrator
