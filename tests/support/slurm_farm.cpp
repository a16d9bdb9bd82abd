#include "support/slurm_farm.hpp"

#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/in_time.hpp"
#include "support/run_tool.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <stdexcept>

namespace orchestrator::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr const char* occupant = "occupant";  // the name of occupy()'s jobs

GuardedDir make_farm_folder(const boost::asio::any_io_executor& executor) {
  auto made = GuardedDir::create(executor, "/tmp", "orchestrator-slurm-");
  if (!made) throw std::runtime_error(made.error().message());
  return std::move(*made);
}

void write_munge_key(const fs::path& file) {
  std::random_device random;
  std::string key(128, '\0');
  for (char& byte : key) byte = static_cast<char>(random());
  write_file(file, key);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

/// The processes whose ancestor `root` is, `root` included.
void kill_tree(const Process& root) {
  const auto below = descendants_of(root.pid);
  ::kill(root.pid, SIGKILL);
  for (const Process& process : below) ::kill(process.pid, SIGKILL);
}

}  // namespace

std::string SlurmFarm::impossible() {
  if (::geteuid() != 0) return "a Slurm of one's own needs root";
  for (const char* program : {"munged", "munge", "slurmctld", "slurmd", "srun", "squeue"}) {
    if (find_program(program).empty() && find_program("/usr/sbin/" + std::string(program)).empty())
      return std::string(program) + " is not installed (slurm-wlm, munge)";
  }
  const auto output = await(run_program({.argv = {"unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"}}));
  if (!output) return output.error().message();
  return output->status.success() ? "" : "namespaces cannot be made here: " + output->error_tail;
}

void SlurmFarm::write_config(const SlurmFarmOptions& options) const {
  const std::string d = folder().string();
  std::string nodes;
  for (int node = 1; node <= options.nodes; ++node) {
    nodes += "NodeName=" + name(node) + " NodeHostname=localhost NodeAddr=127.0.0.1 Port=" + std::to_string(closed_port()) +
             " CPUs=" + std::to_string(options.cpus) + " RealMemory=" + std::to_string(options.memory_mib) + " State=UNKNOWN\n";
  }
  write_file(d + "/slurm.conf",
             "ClusterName=farm\nSlurmctldHost=localhost(127.0.0.1)\nSlurmctldPort=" + std::to_string(closed_port()) +
                 "\nSlurmUser=root\nSlurmdUser=root\nAuthType=auth/munge\nAuthInfo=socket=" + d +
                 "/run/munge.sock\nStateSaveLocation=" + d + "/state\nSlurmdSpoolDir=" + d + "/spool.%n\nSlurmctldPidFile=" + d +
                 "/run/slurmctld.pid\nSlurmdPidFile=" + d + "/run/slurmd.%n.pid\nSlurmctldLogFile=" + d +
                 "/log/slurmctld.log\nSlurmdLogFile=" + d +
                 "/log/slurmd.%n.log\n"
                 "SlurmctldParameters=enable_configless\n"
                 "SlurmdParameters=config_overrides\n"  // the nodes are as large as they say, whatever this machine is
                 "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nMpiDefault=none\n"
                 "JobAcctGatherType=jobacct_gather/linux\nJobAcctGatherFrequency=1\nJobAcctGatherParams=OverMemoryKill\n"
                 "SelectType=select/cons_tres\nSelectTypeParameters=CR_Core_Memory\nDefMemPerCPU=" +
                 std::to_string(options.memory_mib / options.cpus) +
                 "\nSchedulerParameters=sched_interval=1,batch_sched_delay=0\n"
                 "PreemptType=preempt/partition_prio\nPreemptMode=REQUEUE\n"  // jobs that cannot be queued again, as srun's, are
                                                                              // cancelled
                 "KillWait=2\nSlurmdTimeout=5\nReturnToService=2\nAccountingStorageType=accounting_storage/none\n" +
                 nodes +
                 "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE PriorityTier=1\n"
                 "PartitionName=urgent Nodes=ALL MaxTime=INFINITE PriorityTier=10\n");
}

SlurmFarm::SlurmFarm(SlurmFarmOptions options)
    : guarded_(make_farm_folder(context_.get_executor())), init_([&] {
        for (const char* part : {"run", "log", "state"}) fs::create_directory(folder() / part);
        write_munge_key(folder() / "munge.key");
        write_config(options);
        SpawnOptions init{
            .argv = {"unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
                     ORCHESTRATOR_SOURCE_DIR "/tests/support/slurm_farm.sh", folder().string(), std::to_string(options.nodes)},
            .environment = {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}},
            .input = {Stdio::Kind::pipe},
            .output = {Stdio::Kind::pipe},
            .own_group = true};
        auto started = ChildProcess::spawn(context_.get_executor(), init);
        if (!started) throw std::runtime_error(started.error().message());
        return std::move(*started);
      }()) {
  std::string said;
  boost::system::error_code ended;
  boost::asio::read_until(init_.output(), boost::asio::dynamic_buffer(said), '\n', ended);
  if (said == "up\n") return;
  await(context_, init_.wait());
  throw std::runtime_error("Slurm does not start: " + init_.error_tail());
}

std::string SlurmFarm::run(std::vector<std::string> argv) const {
  return run_tool(SpawnOptions{.argv = std::move(argv), .environment = {environment()}});
}

std::string SlurmFarm::occupy(int node, const std::string& partition) const {
  const std::string job =
      run({"sbatch", "--parsable", "--partition=" + partition, "--nodelist=" + name(node), "--exclusive",
           "--job-name=" + std::string(occupant), "--output=/dev/null", "--chdir=/", "--wrap=exec sleep 600"});
  const std::string number = job.substr(0, job.find('\n'));
  if (!in_time([&] { return run({"squeue", "--noheader", "--job=" + number, "--format=%T"}) == "RUNNING\n"; }, 20s)) {
    throw std::runtime_error("node " + name(node) + " cannot be occupied: " + queue());
  }
  return number;
}

std::string SlurmFarm::queue() const {
  std::istringstream lines(run({"squeue", "--noheader", "--format=%i %T %r %N %j"}));
  std::string others;
  for (std::string line; std::getline(lines, line);) {
    if (!line.ends_with(occupant)) others += line + "\n";
  }
  return others;
}

std::string SlurmFarm::remains(std::chrono::milliseconds limit) const {
  return in_time([this] { return queue().empty(); }, limit) ? std::string() : queue();
}

void SlurmFarm::kill_node(int node) const {
  // A job's number is in its slurmstepd's name: "slurmstepd: [12.0]".
  std::istringstream jobs(run({"squeue", "--noheader", "--nodelist=" + name(node), "--format=%i"}));
  std::vector<std::string> steps;
  for (std::string job; std::getline(jobs, job);) steps.push_back("slurmstepd: [" + job + ".");
  const auto all = descendants_of(init_.pid());
  for (const Process& process : all) {
    if (process.command.starts_with("slurmd ") && process.command.find("-N " + name(node)) != std::string::npos)
      ::kill(process.pid, SIGKILL);
  }
  for (const Process& process : all) {
    const auto is_its = [&](const std::string& step) { return process.command.starts_with(step); };
    if (std::any_of(steps.begin(), steps.end(), is_its)) kill_tree(process);
  }
}

void SlurmFarm::signal_controller(int signal) const {
  for (const Process& process : descendants_of(init_.pid())) {
    if (process.command.starts_with("slurmctld ")) ::kill(process.pid, signal);
  }
}
void SlurmFarm::stop_controller() const { signal_controller(SIGSTOP); }
void SlurmFarm::continue_controller() const { signal_controller(SIGCONT); }

std::vector<Process> SlurmFarm::processes() const {
  const auto all = descendants_of(init_.pid());
  std::vector<Process> found;
  for (const Process& process : all) {
    if (!process.command.starts_with("slurmstepd: ")) continue;
    found.push_back(process);
    const auto below = descendants_of(process.pid);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

}  // namespace orchestrator::test
