#include "process/machine_size.hpp"

#include "process/control_group.hpp"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

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

ControlGroupLimits own_limits() {
  std::ifstream file("/proc/self/cgroup");
  return own_control_group_limits("/sys/fs/cgroup", std::string{std::istreambuf_iterator<char>(file), {}});
}

/// How many cores this process may run on. The mask starts with cpu_set_t's 1,024 CPUs and grows, because the kernel wants room
/// for as many as the machine could have (sched_setaffinity(2), "Handling systems with large CPU affinity masks").
int allowed_cores() {
  constexpr int most = 1 << 20;
  for (int cpus = CPU_SETSIZE; cpus <= most; cpus *= 2) {
    const std::size_t bytes = CPU_ALLOC_SIZE(cpus);
    std::vector<unsigned long> mask(bytes / sizeof(unsigned long), 0UL);
    auto* set = reinterpret_cast<cpu_set_t*>(mask.data());
    if (::sched_getaffinity(0, bytes, set) == 0) return CPU_COUNT_S(bytes, set);
    if (errno != EINVAL) break;
  }
  return 1;
}

}  // namespace

MachineSize machine_size() {
  const ControlGroupLimits limits = own_limits();
  const std::int64_t by_quota = std::max<std::int64_t>(1, limits.cpu_thousandths / 1000);
  return {.cores = static_cast<int>(std::min<std::int64_t>(allowed_cores(), by_quota)),
          .available_memory_mib = std::min(available_mib(), limits.memory_bytes >> 20)};
}

int default_workers(const MachineSize& machine) noexcept {
  const std::int64_t by_memory = machine.available_memory_mib / worker_footprint_mib;
  return static_cast<int>(std::clamp<std::int64_t>(machine.cores - 1, 1, std::max<std::int64_t>(1, by_memory)));
}

}  // namespace orchestrator
