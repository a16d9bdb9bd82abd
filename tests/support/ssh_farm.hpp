#pragma once

#include "support/processes.hpp"
#include "support/ssh_files.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace orchestrator::test {

struct SshFarmOptions {
  int hosts{3};
  bool has_worker{true};  ///< `orchestrator` is on the hosts' PATH
  LostClients lost_clients{LostClients::noticed};
};

/// Hosts "node1", "node2" ... in namespaces of this machine, each with an address, a host name, process numbers, a /tmp, a
/// home and an sshd of its own; and a controller, which alone reaches them. The namespaces have no names and live only as
/// long as the process that made them: nothing is left, however a test ends. Needs root.
class SshFarm {
 public:
  /// Why there can be no hosts here; empty if there can.
  static std::string impossible();
  explicit SshFarm(SshFarmOptions options = {});

  static std::string name(int host) { return "node" + std::to_string(host); }
  static std::string address(int host) { return "10.99.0.1" + std::to_string(host); }
  const SshFiles& files() const { return files_; }
  /// What to put before a command that is to run on the controller.
  std::vector<std::string> on_controller() const { return inside(controller_); }

  // Faults. The first host is 1.
  void cut(int host) const;
  void mend(int host) const;
  void lose_packets(int host, int percent) const;  ///< both ways
  void limit_upload(int host, int mbit_per_second) const;
  void refuse_connections(int host) const;
  void kill_sshd(int host) const;  ///< and its sessions' processes, but not what they run

  /// What the host runs beside its init and its sshd.
  std::vector<Process> processes(int host) const;
  /// What lies in the host's /tmp and home that was not there at the start.
  std::vector<std::string> files(int host) const;
  Process await_process(int host, const std::string& text) const;
  /// Processes and files of all hosts that were not there at the start; empty if there are none. Waits up to `limit`.
  std::string remains(std::chrono::milliseconds limit) const;

 private:
  struct Host {
    ChildProcess process;
    std::vector<Process> at_start{};
  };
  Host start_host(int host, const SshFarmOptions& options);
  const Host& at(int host) const { return hosts_.at(static_cast<std::size_t>(host) - 1); }
  static std::vector<std::string> inside(const ChildProcess& member);

  SshFiles files_{};
  boost::asio::io_context context_{1};
  ChildProcess controller_;
  std::vector<Host> hosts_{};
};

}  // namespace orchestrator::test
