#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>

namespace orchestrator {

/// What a control group and those above it allow.
struct ControlGroupLimits {
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  std::int64_t memory_bytes{none};
  std::int64_t cpu_thousandths{none};  ///< 1500: one and a half cores
};

/// The group in /proc/self/cgroup (cgroups(7)): the path in the line "0::PATH", or with the name of a controller of version 1, in
/// its line "N:CONTROLLER,...:PATH". Pure.
std::optional<std::string_view> control_group_of(std::string_view proc_self_cgroup, std::string_view controller = {});
/// memory.max: a number of bytes, or "max". Pure.
std::int64_t parse_memory_max(std::string_view text);
/// cpu.max: "QUOTA PERIOD" in microseconds, or "max PERIOD". In thousandths of a core. Pure.
std::int64_t parse_cpu_max(std::string_view text);

/// The least of what `group` and every group above it allow; `root` is where cgroup2 is mounted, or a controller of version 1
/// (memory, cpu).
ControlGroupLimits control_group_limits(const std::filesystem::path& root, std::string_view group);

/// The least of what the groups in /proc/self/cgroup allow, of both versions. `mounts`: /sys/fs/cgroup.
ControlGroupLimits own_control_group_limits(const std::filesystem::path& mounts, std::string_view proc_self_cgroup);

}  // namespace orchestrator
