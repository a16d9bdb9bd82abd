#include "process/machine_size.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace orchestrator;

TEST_CASE("slots: one core is left for everybody else, and memory must suffice", "[local]") {
  struct Row {
    MachineSize machine;
    int expected;
  };
  const std::vector<Row> rows{
      {{.cores = 1, .available_memory_mib = 64'000}, 1},   {{.cores = 2, .available_memory_mib = 64'000}, 1},
      {{.cores = 8, .available_memory_mib = 64'000}, 7},   {{.cores = 8, .available_memory_mib = 2'500}, 2},
      {{.cores = 8, .available_memory_mib = 10}, 1},       {{.cores = 0, .available_memory_mib = 0}, 1},
      {{.cores = 64, .available_memory_mib = 16'000}, 16},
  };
  for (const Row& row : rows) {
    CAPTURE(row.machine.cores, row.machine.available_memory_mib);
    CHECK(default_workers(row.machine) == row.expected);
  }
}

TEST_CASE("slots: this machine has cores and memory", "[local]") {
  CHECK(machine_size().cores >= 1);
  CHECK(machine_size().available_memory_mib > 0);
}
