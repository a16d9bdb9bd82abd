#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>
#include <string>

namespace orchestrator {

/// A process that outlives this one when it is killed, and then cancels the jobs of one name. srun cannot do that: the job of an
/// srun that is killed while it waits stays in the queue, and later runs without anybody (seen with Slurm 22.05).
class QueueGuard {
 public:
  explicit QueueGuard(const boost::asio::any_io_executor& executor) : executor_(executor) {}
  /// Errors: Errc::executor_unavailable.
  Result<void> start(const std::string& job_name);
  /// Ends the guard without a look at the queue.
  void release() { process_.reset(); }

 private:
  boost::asio::any_io_executor executor_;
  std::optional<ChildProcess> process_{};
};

}  // namespace orchestrator
