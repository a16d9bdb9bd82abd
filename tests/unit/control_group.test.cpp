#include "process/control_group.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr std::int64_t none = ControlGroupLimits::none;

void write_group(const std::filesystem::path& folder, const std::string& memory_max, const std::string& cpu_max) {
  std::filesystem::create_directories(folder);
  if (!memory_max.empty()) write_file(folder / "memory.max", memory_max + "\n");
  if (!cpu_max.empty()) write_file(folder / "cpu.max", cpu_max + "\n");
}

}  // namespace

TEST_CASE("control group: the process's own is the line of the unified hierarchy", "[local]") {
  CHECK(control_group_of("0::/user.slice/session-2.scope\n") == "/user.slice/session-2.scope");
  CHECK(control_group_of("12:memory:/other\n1:name=systemd:/x\n0::/") == "/");
  CHECK_FALSE(control_group_of("12:memory:/other\n").has_value());
  CHECK_FALSE(control_group_of("").has_value());
}

TEST_CASE("control group: a controller of version 1 has a line of its own", "[local]") {
  const char* const text = "9:name=systemd:/a\n4:memory:/docker/12:ab\n1:cpu,cpuacct:/slice\n0::/unified\n";
  CHECK(control_group_of(text, "memory") == "/docker/12:ab");
  CHECK(control_group_of(text, "cpu") == "/slice");
  CHECK(control_group_of(text) == "/unified");
  CHECK_FALSE(control_group_of(text, "cpuset").has_value());
  CHECK_FALSE(control_group_of("4:memory", "memory").has_value());
}

TEST_CASE("control group: limits of version 1 hold, too, and those of both versions at a time", "[local]") {
  const TempDir mounts;
  std::filesystem::create_directories(mounts / "memory/docker/x");
  std::filesystem::create_directories(mounts / "cpu/slice");
  write_file(mounts / "memory/memory.limit_in_bytes", "9223372036854771712\n");  // what "no limit" is in version 1
  write_file(mounts / "memory/docker/memory.limit_in_bytes", "2147483648\n");
  write_file(mounts / "memory/docker/x/memory.limit_in_bytes", "9223372036854771712\n");
  write_file(mounts / "cpu/slice/cpu.cfs_quota_us", "150000\n");
  write_file(mounts / "cpu/slice/cpu.cfs_period_us", "100000\n");
  const std::string groups = "4:memory:/docker/x\n1:cpu,cpuacct:/slice\n0::/\n";
  CHECK(own_control_group_limits(mounts.path(), groups).memory_bytes == 2'147'483'648);
  CHECK(own_control_group_limits(mounts.path(), groups).cpu_thousandths == 1500);
  write_file(mounts / "cpu/slice/cpu.cfs_quota_us", "-1\n");
  CHECK(own_control_group_limits(mounts.path(), groups).cpu_thousandths == none);
  write_group(mounts.path(), "1000000", "");
  CHECK(own_control_group_limits(mounts.path(), groups).memory_bytes == 1'000'000);
  // In a container, /proc may name the group as the machine sees it; then only the root of the mount is seen.
  write_file(mounts / "memory/memory.limit_in_bytes", "500000\n");
  CHECK(own_control_group_limits(mounts.path(), "4:memory:/gone/far").memory_bytes == 500'000);
}

TEST_CASE("control group: memory.max is bytes or no limit", "[local]") {
  CHECK(parse_memory_max("2147483648") == 2'147'483'648);
  CHECK(parse_memory_max("max") == none);
  CHECK(parse_memory_max("") == none);
}

TEST_CASE("control group: cpu.max is a quota in a period or no limit", "[local]") {
  const std::vector<std::pair<const char*, std::int64_t>> rows{{"200000 100000", 2000},
                                                               {"150000 100000", 1500},
                                                               {"50000 100000", 500},
                                                               {"max 100000", none},
                                                               {"100000 0", none},
                                                               {"100000", none},
                                                               {"-1 100000", none},
                                                               {"9223372036854775807 1", none},
                                                               {"", none}};
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(parse_cpu_max(text) == expected);
  }
}

TEST_CASE("control group: the least of a group's limits and those above it holds", "[local]") {
  const TempDir root;
  write_group(root / "slice", "4000", "150000 100000");
  write_group(root / "slice/unit", "max", "400000 100000");
  write_group(root / "slice/unit/small", "3000", "");
  write_group(root / "other", "10", "1000 100000");
  const ControlGroupLimits unit = control_group_limits(root.path(), "/slice/unit");
  CHECK(unit.memory_bytes == 4000);
  CHECK(unit.cpu_thousandths == 1500);
  CHECK(control_group_limits(root.path(), "/slice/unit/small").memory_bytes == 3000);
  CHECK(control_group_limits(root.path(), "/").memory_bytes == none);
  CHECK(control_group_limits(root.path(), "/gone").cpu_thousandths == none);
}

TEST_CASE("control group: a group outside of the namespace is not looked for", "[local]") {
  const TempDir folder;
  write_group(folder / "secret", "10", "");
  write_group(folder / "mount", "5000", "");
  CHECK(control_group_limits(folder / "mount", "/../secret").memory_bytes == 5000);
}
