// SlurmExecutor keeps the contract, on a real Slurm, and leaves no job in its queue and no process of one.
#include <orchestrator/executors/slurm_executor.hpp>

#include "support/conforms.hpp"
#include "support/environment.hpp"
#include "support/slurm_render.hpp"

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("conformance: SlurmExecutor", "[slurm]") {
  if (slurm_is_impossible()) return;
  const TempDir folder;
  const SlurmFarm farm;
  const auto [name, value] = farm.environment();
  const Environment found_by(name.c_str(), value);
  const Environment worker("ORCHESTRATOR_WORKER", ORCHESTRATOR_TOOL);
  const auto make = [] { return std::make_unique<SlurmExecutor>(SlurmExecutorOptions{.workers = 2}); };
  const auto left_over = [&farm] {
    std::vector<std::string> lines;
    if (const std::string jobs = farm.queue(); !jobs.empty()) lines.push_back("in the queue: " + jobs);
    if (const auto processes = farm.processes(); !processes.empty()) lines.push_back("on the nodes: " + describe(processes));
    return lines;
  };
  check_conforms({.make = make, .folder = folder.path(), .left_over = left_over}, {"no slots"});
}
