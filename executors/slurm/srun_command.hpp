#pragma once

#include <orchestrator/executors/slurm_executor.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// A name for all jobs of one executor that no other job has.
std::string make_job_name();

/// The comment of the job at a place, by which it is found in the queue while its number is not known.
std::string job_comment(int place);

/// The names of those variables in `environment` ("NAME=VALUE", ended by null) that a worker elsewhere must not inherit: what
/// Slurm sets in a job for its steps, what srun takes for its own options, and where temporary files go. A worker is a job of its
/// own, also when this program runs in one. Pure.
std::vector<std::string> variables_of_this_place(const char* const* environment);

/// srun with one worker at a place, which does not see the variables of `unset`. Pure.
std::vector<std::string> srun_command(const SlurmExecutorOptions& options, const std::string& job_name, int place,
                                      const std::vector<std::string>& worker, const std::vector<std::string>& unset);

}  // namespace orchestrator
