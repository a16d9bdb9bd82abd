#pragma once

#include <cstdint>

namespace orchestrator {

/// Memory of one slot: browser, X server, worker and ffmpeg with x264 medium at 1920x1080. Measured: 964 ... 980 MiB of
/// proportional set size, host included (benchmarks/README.md, "Memory of a worker").
inline constexpr std::int64_t worker_footprint_mib = 1000;

struct MachineSize {
  int cores{1};
  std::int64_t available_memory_mib{0};
};

/// This machine, as far as this process may use it: CPU affinity (sched_getaffinity(2)), MemAvailable (proc(5)), and the
/// limits of its control group (versions 1 and 2).
MachineSize machine_size();

/// How many workers this machine runs well: cores - 1, fewer if memory is short, at least 1. Pure.
int default_workers(const MachineSize& machine) noexcept;

}  // namespace orchestrator
