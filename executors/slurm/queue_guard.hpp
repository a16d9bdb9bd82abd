#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>
#include <string>

namespace orchestrator {

/// A process that cancels the jobs of one name when this object goes without release(), or this process is killed; it outlives
/// both. srun cannot do that: the job of an srun that is killed while it waits stays in the queue, and later runs without anybody
/// (seen with Slurm 22.05).
class QueueGuard {
 public:
  explicit QueueGuard(const boost::asio::any_io_executor& executor) : executor_(executor) {}
  ~QueueGuard();
  QueueGuard(const QueueGuard&) = delete;
  QueueGuard& operator=(const QueueGuard&) = delete;
  /// Errors: Errc::executor_unavailable.
  Result<void> start(const std::string& job_name);
  /// No job is left: ends the guard without a look at the queue.
  void release() { process_.reset(); }

 private:
  boost::asio::any_io_executor executor_;
  std::optional<ChildProcess> process_{};
};

}  // namespace orchestrator
