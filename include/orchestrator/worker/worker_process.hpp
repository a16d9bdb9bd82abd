#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/worker/child_process.hpp>
#include <orchestrator/worker/worker_session.hpp>

#include <memory>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// A process that speaks the worker protocol on its standard streams (a worker, or an ssh client, `docker exec -i`, srun that is
/// connected to one), and the session with it, which the caller has yet to start.
struct WorkerProcess {
  ChildProcess process;
  WorkerSession session;

  /// The process leads a group of its own, so that a Ctrl-C in a terminal reaches this program only. `die_with_host`: it gets
  /// SIGKILL as soon as this one ends; otherwise it sees the end of its stdin and can clean up. Errors:
  /// Errc::executor_unavailable.
  static Result<std::unique_ptr<WorkerProcess>> spawn(const boost::asio::any_io_executor& executor, std::vector<std::string> argv,
                                                      bool die_with_host, SessionOptions options);
};

}  // namespace v0
}  // namespace orchestrator
