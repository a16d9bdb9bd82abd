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

/// srun with one worker at a place. Pure.
std::vector<std::string> srun_command(const SlurmExecutorOptions& options, const std::string& job_name, int place,
                                      const std::vector<std::string>& worker);

}  // namespace orchestrator
