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
