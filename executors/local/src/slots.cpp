#include "slots.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace orchestrator {

namespace {

std::int64_t available_mib() {
  std::ifstream meminfo("/proc/meminfo");
  std::string name, unit;
  std::int64_t kib = 0;
  while (meminfo >> name >> kib >> unit) {
    if (name == "MemAvailable:") return kib / 1024;
  }
  return std::numeric_limits<std::int64_t>::max();
}

std::int64_t control_group_limit_mib() {
  std::ifstream limit("/sys/fs/cgroup/memory.max");
  std::int64_t bytes = 0;
  return limit >> bytes ? bytes >> 20 : std::numeric_limits<std::int64_t>::max();  // "max" is not a number
}

}  // namespace

MachineSize machine_size() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  const bool known = ::sched_getaffinity(0, sizeof allowed, &allowed) == 0;
  return {.cores = known ? CPU_COUNT(&allowed) : 1, .available_memory_mib = std::min(available_mib(), control_group_limit_mib())};
}

int default_workers(const MachineSize& machine) noexcept {
  const std::int64_t by_memory = machine.available_memory_mib / worker_footprint_mib;
  return static_cast<int>(std::clamp<std::int64_t>(machine.cores - 1, 1, std::max<std::int64_t>(1, by_memory)));
}

}  // namespace orchestrator
