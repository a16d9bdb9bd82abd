#pragma once

#include <sys/types.h>

#include <chrono>

namespace orchestrator {

/// CPU used so far by all processes of a process group, as found in /proc.
std::chrono::microseconds process_group_cpu(pid_t group);
/// True while a process of the group has not ended; those that ended and were not waited for do not count.
bool process_group_runs(pid_t group);
/// CPU used so far by one process.
std::chrono::microseconds process_cpu(pid_t process);

}  // namespace orchestrator
