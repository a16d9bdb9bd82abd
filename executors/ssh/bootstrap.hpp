#pragma once

#include "ssh/ssh_connection.hpp"

#include <memory>
#include <string>

namespace orchestrator {

/// The worker program, copied to a host for as long as this object lives. A process on the host, the lease, removes the copy when
/// its input ends, and its input ends with the connection, in whatever way this process ends.
class Bootstrap {
 public:
  /// Copies `program` and checks that it runs. Errors: Errc::executor_unavailable, naming the host and what is in the way.
  static boost::asio::awaitable<Result<std::unique_ptr<Bootstrap>>> copy(const SshConnection& connection, const std::string& host,
                                                                         const std::filesystem::path& program);
  /// False once the lease's session has ended, and the copy is gone.
  bool alive() const noexcept { return lease_.running(); }
  /// The command that starts the copy as a worker, for the host's login shell.
  const std::string& worker_command() const noexcept { return worker_command_; }
  /// Removes the copy; returns when that is done, or after `limit`.
  boost::asio::awaitable<void> remove(std::chrono::milliseconds limit);

 private:
  Bootstrap(ChildProcess lease, std::string worker_command)
      : lease_(std::move(lease)), worker_command_(std::move(worker_command)) {}
  ChildProcess lease_;
  std::string worker_command_;
};

}  // namespace orchestrator
