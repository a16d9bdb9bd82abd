#pragma once

#include "process/child_process.hpp"
#include "protocol/worker_session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace orchestrator {

/// The command that starts a worker on this machine. Errors: Errc::executor_unavailable if there is none.
Result<std::vector<std::string>> find_worker_command(const std::vector<std::string>& chosen);

/// A worker process and the conversation with it.
struct WorkerProcess {
  ChildProcess process;
  protocol::WorkerSession session;

  /// Starts the process and shakes hands. Errors: Errc::executor_unavailable, with what it wrote to stderr.
  static boost::asio::awaitable<Result<std::unique_ptr<WorkerProcess>>> start(std::vector<std::string> command,
                                                                              std::chrono::milliseconds heartbeat_limit);
};

}  // namespace orchestrator
