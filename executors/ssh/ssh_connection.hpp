#pragma once

#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/worker/worker_process.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace orchestrator {

/// One connection to one host, kept open by an ssh client that sessions share (ssh_config(5), ControlMaster): a session
/// costs 5 ms instead of 190. The connection ends with this object, and with this process.
class SshConnection {
 public:
  /// Connects. Errors: Errc::executor_unavailable, saying what to do. Cancellation: terminal.
  static boost::asio::awaitable<Result<std::unique_ptr<SshConnection>>> open(const SshHost& host,
                                                                             const SshExecutorOptions& options,
                                                                             std::filesystem::path control_socket);

  bool alive() const noexcept { return client_.running(); }
  /// The last lines the client wrote.
  std::string words() const { return client_.error_tail(); }
  /// The program and arguments that run `command` on the host.
  std::vector<std::string> session(const std::string& command) const;
  /// Runs a command to its end, within `limit`. `input`: a descriptor it reads, or -1. Errors: Errc::executor_unavailable.
  boost::asio::awaitable<Result<ProgramOutput>> run(const std::string& command, int input, std::chrono::milliseconds limit) const;
  std::chrono::milliseconds step_limit() const noexcept { return options_.connect_timeout; }

 private:
  SshConnection(const SshHost& host, const SshExecutorOptions& options, std::filesystem::path control_socket, ChildProcess client)
      : host_(host), options_(options), control_socket_(std::move(control_socket)), client_(std::move(client)) {}

  const SshHost& host_;
  const SshExecutorOptions& options_;
  std::filesystem::path control_socket_;
  ChildProcess client_;
};

}  // namespace orchestrator
