#include "process/control_group.hpp"

#include "base/parse_number.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

ControlGroupLimits least(const ControlGroupLimits& a, const ControlGroupLimits& b) {
  return {.memory_bytes = std::min(a.memory_bytes, b.memory_bytes),
          .cpu_thousandths = std::min(a.cpu_thousandths, b.cpu_thousandths)};
}

/// Whether `word` is in a list with commas. The empty list has the empty word only.
bool lists(std::string_view list, std::string_view word) {
  return word.empty() ? list.empty() : ("," + std::string(list) + ",").find("," + std::string(word) + ",") != std::string::npos;
}

/// What the files in one group's folder say: memory.max and cpu.max of version 2; memory.limit_in_bytes, cpu.cfs_quota_us (-1: no
/// limit) and cpu.cfs_period_us of version 1.
ControlGroupLimits limits_in(const fs::path& folder) {
  const std::string quota = first_line(folder / "cpu.cfs_quota_us") + " " + first_line(folder / "cpu.cfs_period_us");
  return least(
      {.memory_bytes = parse_memory_max(first_line(folder / "memory.max")),
       .cpu_thousandths = parse_cpu_max(first_line(folder / "cpu.max"))},
      {.memory_bytes = parse_memory_max(first_line(folder / "memory.limit_in_bytes")), .cpu_thousandths = parse_cpu_max(quota)});
}

}  // namespace

std::optional<std::string_view> control_group_of(std::string_view proc_self_cgroup, std::string_view controller) {
  while (!proc_self_cgroup.empty()) {
    const std::string_view line = proc_self_cgroup.substr(0, proc_self_cgroup.find('\n'));
    const auto names = line.find(':');
    const auto path = line.find(":/", names + 1);
    if (path != std::string_view::npos && lists(line.substr(names + 1, path - names - 1), controller))
      return line.substr(path + 1);
    proc_self_cgroup.remove_prefix(std::min(line.size() + 1, proc_self_cgroup.size()));
  }
  return std::nullopt;
}

std::int64_t parse_memory_max(std::string_view text) {
  return parse_number<std::int64_t>(text).value_or(ControlGroupLimits::none);
}

std::int64_t parse_cpu_max(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return ControlGroupLimits::none;
  const auto quota = parse_number<std::int64_t>(text.substr(0, space));
  const auto period = parse_number<std::int64_t>(text.substr(space + 1));
  constexpr std::int64_t most = ControlGroupLimits::none / 1000;
  if (!quota || !period || *quota < 0 || *quota > most || *period <= 0) return ControlGroupLimits::none;
  return *quota * 1000 / *period;
}

ControlGroupLimits control_group_limits(const fs::path& root, std::string_view group) {
  ControlGroupLimits limits;
  fs::path relative = fs::path(group).relative_path();
  // A group outside this process's namespace is shown as "/../..." (cgroup_namespaces(7)). Its files cannot be seen, only the
  // root's.
  if (group.find("..") != std::string_view::npos) relative.clear();
  for (;; relative = relative.parent_path()) {
    limits = least(limits, limits_in(root / relative));
    if (relative.empty()) return limits;
  }
}

ControlGroupLimits own_control_group_limits(const fs::path& mounts, std::string_view proc_self_cgroup) {
  ControlGroupLimits limits;
  // A controller of version 1 has a mount of its own name, or a link of that name if it shares one ("cpu" to "cpu,cpuacct").
  for (const char* controller : {"", "memory", "cpu"}) {
    const auto group = control_group_of(proc_self_cgroup, controller);
    if (group) limits = least(limits, control_group_limits(mounts / controller, *group));
  }
  return limits;
}

}  // namespace orchestrator
