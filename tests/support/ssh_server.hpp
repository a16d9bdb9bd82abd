#pragma once

#include "support/processes.hpp"
#include "support/ssh_files.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

namespace orchestrator::test {

/// A real sshd on the loopback interface, with keys, port and home of its own. Needs no privileges.
class SshServer {
 public:
  /// `program_folders` come before the system's on the sessions' PATH.
  explicit SshServer(const std::string& program_folders);
  ~SshServer();

  const SshFiles& files() const { return files_; }
  /// Its name in files().client_config().
  static std::string name() { return "loopback"; }
  /// SIGKILL to sshd and to its sessions' processes, but not to what they run.
  void kill();
  /// After a kill(): listens again, at the same port.
  void start();
  /// What its sessions still run, orphans included, and what they left in HOME and TMPDIR; empty if nothing.
  /// Waits up to `limit` for them to go.
  std::string remains(std::chrono::milliseconds limit) const;
  /// The process of a session whose command contains `text`; waits for it to appear.
  Process await_process(const std::string& text) const;

 private:
  std::vector<Process> session_processes() const;

  SshFiles files_{};
  TempDir home_{};
  std::vector<Process> before_;
  boost::asio::io_context context_{1};
  std::optional<ChildProcess> sshd_{};
};

}  // namespace orchestrator::test
