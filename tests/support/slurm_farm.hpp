#pragma once

#include "support/processes.hpp"

#include <orchestrator/worker/child_process.hpp>
#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace orchestrator::test {

struct SlurmFarmOptions {
  int nodes{2};
  int cpus{2};            ///< of each node
  int memory_mib{8'000};  ///< of each node; a job that asks for none gets half of it for each CPU
};

/// A real Slurm on the loopback interface: munged, slurmctld, and nodes "n1", "n2" ..., each a slurmd that has its configuration
/// from slurmctld ("configless"), in a PID namespace that lives only as long as the process that made it: nothing is left,
/// however a test ends. Jobs of the partition "urgent" preempt those of "main", which is the default. A job that takes more
/// memory than it asked for is ended within a few seconds. Needs root.
class SlurmFarm {
 public:
  /// Why there can be none here; empty if there can.
  static std::string impossible();
  explicit SlurmFarm(SlurmFarmOptions options = {});

  static std::string name(int node) { return "n" + std::to_string(node); }
  const std::filesystem::path& folder() const { return guarded_.path(); }
  /// The variable by which Slurm's commands find this farm.
  std::pair<std::string, std::string> environment() const { return {"SLURM_CONF", folder() / "slurm.conf"}; }
  /// What one of Slurm's commands prints; throws unless it succeeds.
  std::string run(std::vector<std::string> argv) const;

  /// A job that takes all of a node, in `partition`; returns its number once it runs.
  std::string occupy(int node, const std::string& partition = "main") const;
  void cancel(const std::string& job) const { run({"scancel", job}); }
  /// "NUMBER STATE REASON NODE NAME" of each job in the queue, a line each, but for those of occupy().
  std::string queue() const;
  /// What queue() shows at the end of `limit`, or nothing as soon as it is empty.
  std::string remains(std::chrono::milliseconds limit) const;

  /// SIGKILL to a node's slurmd and to all that its jobs run. Needs a node of its own: where jobs run is known by their node.
  void kill_node(int node) const;
  /// SIGSTOP to the controller: it answers nobody, as one behind a broken network.
  void stop_controller() const;
  void continue_controller() const;
  /// What jobs run, slurmstepd included.
  std::vector<Process> processes() const;

 private:
  void write_config(const SlurmFarmOptions& options) const;
  void signal_controller(int signal) const;

  boost::asio::io_context context_{1};
  GuardedDir guarded_;  // its path has no blanks or quotes, which slurm.conf cannot express
  ChildProcess init_;
};

}  // namespace orchestrator::test
