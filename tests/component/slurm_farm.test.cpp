// The test bed of the tests with Slurm: a cluster that comes, is hurt and goes.
#include "support/slurm_farm.hpp"

#include "support/contains.hpp"
#include "support/in_time.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <optional>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// Says so and is true where there can be none.
bool no_slurm() {
  const std::string why = SlurmFarm::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

std::string state_of(const SlurmFarm& farm, const std::string& job) {
  return farm.run({"squeue", "--noheader", "--states=all", "--job=" + job, "--format=%T %r"});
}

std::string submit(const SlurmFarm& farm, const std::string& command) {
  const std::string job =
      farm.run({"sbatch", "--parsable", "--no-requeue", "--chdir=/", "--output=/dev/null", "--wrap=" + command});
  return job.substr(0, job.find('\n'));
}

}  // namespace

TEST_CASE("slurm farm: srun runs on the node that is asked for, and its exit status comes back", "[slurm_farm]") {
  if (no_slurm()) return;
  const SlurmFarm farm;
  for (int node = 1; node <= 2; ++node) {
    CHECK(farm.run({"srun", "--nodelist=" + SlurmFarm::name(node), "printenv", "SLURMD_NODENAME"}) ==
          SlurmFarm::name(node) + "\n");
  }
  CHECK_THROWS(farm.run({"srun", "sh", "-c", "exit 7"}));
  CHECK(farm.remains(5s) == "");
}

TEST_CASE("slurm farm: each node has a configuration of its own, which it got from the controller", "[slurm_farm]") {
  if (no_slurm()) return;
  const SlurmFarm farm;
  for (int node = 1; node <= 2; ++node) {
    const std::string spool = (farm.folder() / ("spool." + SlurmFarm::name(node))).string();
    CHECK(farm.run({"srun", "--nodelist=" + SlurmFarm::name(node), "readlink", "/run/slurm/conf"}) == spool + "/conf-cache\n");
  }
}

TEST_CASE("slurm farm: on an occupied node a job waits, and starts when there is room; an urgent one preempts", "[slurm_farm]") {
  if (no_slurm()) return;
  const SlurmFarm farm({.nodes = 1});
  const std::string first = farm.occupy(1);
  const std::string waits = submit(farm, "exec sleep 300");
  CHECK(in_time([&] { return state_of(farm, waits) == "PENDING Resources\n"; }, 20s));
  farm.cancel(first);
  CHECK(in_time([&] { return contains(state_of(farm, waits), "RUNNING"); }, 20s));
  farm.occupy(1, "urgent");
  CHECK(in_time([&] { return contains(state_of(farm, waits), "PREEMPTED"); }, 20s));
}

TEST_CASE("slurm farm: a job that takes more memory than it may is ended", "[slurm_farm]") {
  if (no_slurm()) return;
  const SlurmFarm farm({.nodes = 1, .memory_mib = 200});
  const std::string greedy = submit(farm, "exec python3 -c 'x = bytearray(400 << 20); import time; time.sleep(60)'");
  CHECK(in_time([&] { return contains(state_of(farm, greedy), "FAILED") || contains(state_of(farm, greedy), "OUT_OF_MEMORY"); },
                30s));
}

TEST_CASE("slurm farm: a killed node fails its job, and the other node goes on", "[slurm_farm]") {
  if (no_slurm()) return;
  const SlurmFarm farm;
  const std::string lost = farm.occupy(1), other = farm.occupy(2);
  REQUIRE_FALSE(farm.processes().empty());
  farm.kill_node(1);
  CHECK(in_time([&] { return contains(state_of(farm, lost), "NODE_FAIL") || contains(state_of(farm, lost), "PENDING"); }, 50s));
  CHECK(contains(state_of(farm, other), "RUNNING"));
}

TEST_CASE("slurm farm: nothing of it outlives it", "[slurm_farm]") {
  if (no_slurm()) return;
  std::vector<Process> processes;
  std::filesystem::path folder;
  {
    const SlurmFarm farm;
    folder = farm.folder();
    farm.occupy(1);
    REQUIRE(in_time([&] { return contains(describe(farm.processes()), "sleep 600"); }));
    processes = farm.processes();
  }
  for (const Process& process : processes) CHECK(in_time([&] { return ::kill(process.pid, 0) != 0; }));
  CHECK_FALSE(std::filesystem::exists(folder));
}
