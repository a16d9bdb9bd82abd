#pragma once

#include "process/child_process.hpp"
#include "session/worker_session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace orchestrator {

/// A process that speaks the worker protocol on its standard streams (a worker, or an ssh client connected to one), and the
/// session with it, which the caller has yet to start.
struct WorkerProcess {
  ChildProcess process;
  WorkerSession session;

  /// `die_with_host`: the process gets SIGKILL as soon as this one ends; otherwise it sees the end of its stdin and can clean up.
  /// Errors: Errc::executor_unavailable.
  static Result<std::unique_ptr<WorkerProcess>> spawn(const boost::asio::any_io_executor& executor, std::vector<std::string> argv,
                                                      bool die_with_host, SessionOptions options);
};

}  // namespace orchestrator
