#include "process/process_cpu.hpp"

#include "process/process_stat.hpp"

#include <unistd.h>

namespace orchestrator {

namespace {

std::chrono::microseconds to_time(std::int64_t ticks) {
  return std::chrono::microseconds(ticks * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

}  // namespace

std::chrono::microseconds process_group_cpu(pid_t group) {
  std::int64_t ticks = 0;
  for_each_process([&](pid_t, const ProcessStat& stat) {
    if (stat.group == group) ticks += stat.ticks;
  });
  return to_time(ticks);
}

bool process_group_runs(pid_t group) {
  bool runs = false;
  for_each_process([&](pid_t, const ProcessStat& stat) { runs = runs || (stat.group == group && stat.state != 'Z'); });
  return runs;
}

std::chrono::microseconds process_cpu(pid_t process) {
  const auto stat = read_process_stat(process);
  return to_time(stat ? stat->ticks : 0);
}

}  // namespace orchestrator
