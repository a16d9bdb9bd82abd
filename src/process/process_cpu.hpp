#pragma once

#include <sys/types.h>

#include <chrono>

namespace orchestrator {

/// CPU used so far by all processes of a process group, as found in /proc.
std::chrono::microseconds process_group_cpu(pid_t group);
/// True while any process of the group runs; a process that has ended but was not waited for does not count.
bool process_group_runs(pid_t group);
/// CPU used so far by one process.
std::chrono::microseconds process_cpu(pid_t process);

}  // namespace orchestrator
