#pragma once

#include "support/slurm_farm.hpp"
#include "support/ssh_render.hpp"

#include <string>

namespace orchestrator::test {

/// Makes the sandbox's command line use this farm. Returns the arguments that render on it with so many workers.
Arguments over_slurm(Sandbox& sandbox, const SlurmFarm& farm, int workers);

/// True, with a warning that says why, where there can be no SlurmFarm.
bool slurm_is_impossible();

/// A render of one chunk by one worker on a farm, which does not end by itself.
struct LongSlurmRender {
  explicit LongSlurmRender(SlurmFarmOptions options = {.nodes = 1});
  void start(const Arguments& more = {});
  void start_and_await_frames(const Arguments& more = {});
  /// The number of the worker's job, once it runs.
  std::string job() const;

  SlurmFarm farm;
  Sandbox sandbox{};
  Arguments arguments;
};

}  // namespace orchestrator::test
