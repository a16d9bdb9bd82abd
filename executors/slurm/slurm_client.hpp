#pragma once

#include "slurm/job_end.hpp"
#include "slurm/job_records.hpp"

#include <orchestrator/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace orchestrator {

// What Slurm's commands say of the jobs of one name. Cancellation: terminal; the answer is empty then.

/// Errors: Errc::executor_unavailable if Slurm is not installed here or no controller answers.
boost::asio::awaitable<Result<void>> find_slurm();
/// The newest job of each place, ended ones included; none if the controller does not answer.
boost::asio::awaitable<std::vector<QueuedJob>> ask_queue(std::string job_name);
/// Completes what is known of a job's end by the states of the job and its node.
boost::asio::awaitable<void> ask_end(JobEnd& end);
/// Cancels whatever is left of the jobs. False if the controller does not answer.
boost::asio::awaitable<bool> cancel_jobs(std::string job_name);

}  // namespace orchestrator
