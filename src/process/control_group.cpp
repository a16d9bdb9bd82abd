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

}  // namespace

std::optional<std::string_view> control_group_of(std::string_view proc_self_cgroup) {
  while (!proc_self_cgroup.empty()) {
    const std::string_view line = proc_self_cgroup.substr(0, proc_self_cgroup.find('\n'));
    if (line.starts_with("0::/")) return line.substr(3);
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
    limits.memory_bytes = std::min(limits.memory_bytes, parse_memory_max(first_line(root / relative / "memory.max")));
    limits.cpu_thousandths = std::min(limits.cpu_thousandths, parse_cpu_max(first_line(root / relative / "cpu.max")));
    if (relative.empty()) return limits;
  }
}

}  // namespace orchestrator
