#include "support/ssh_farm.hpp"

#include "support/in_time.hpp"
#include "support/run_tool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace orchestrator::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Arguments = std::vector<std::string>;

namespace {

/// The controller's first process. It is started before the hosts, whose links end at its bridge, and ends when its input ends.
constexpr const char* controller_script =
    "ip link set lo up && ip link add br0 type bridge && ip address add 10.99.0.1/24 dev br0 && ip link set br0 up && "
    "echo up && exec cat";

std::string home() {
  const ::passwd* user = ::getpwuid(::geteuid());
  if (user == nullptr) throw std::runtime_error("this user has no home");
  return user->pw_dir;
}

void run_inside(Arguments prefix, const Arguments& command) {
  prefix.insert(prefix.end(), command.begin(), command.end());
  run_tool(std::move(prefix));
}

/// Starts a process in new namespaces, and waits until it has said that it is up.
ChildProcess start_member(boost::asio::io_context& context, SpawnOptions options) {
  options.input = {Stdio::Kind::pipe};
  options.output = {Stdio::Kind::pipe};
  auto process = ChildProcess::spawn(context.get_executor(), options);
  if (!process) throw std::runtime_error(process.error().message());
  std::string said;
  boost::system::error_code ended;
  boost::asio::read_until(process->output(), boost::asio::dynamic_buffer(said), '\n', ended);
  if (said == "up\n") return std::move(*process);
  await(context, process->wait());
  throw std::runtime_error("a host of the farm does not start: " + process->error_tail());
}

}  // namespace

std::string SshFarm::impossible() {
  if (::geteuid() != 0) return "hosts in network namespaces need root";
  SpawnOptions options{.argv = {"unshare", "--net", "--uts", "--mount", "--pid", "--fork", "--mount-proc", "true"}};
  const auto output = await(run_program(std::move(options)));
  if (!output) return output.error().message();
  return output->status.success() ? "" : "namespaces cannot be made here: " + output->error_tail;
}

SshFarm::SshFarm(SshFarmOptions options)
    : controller_(start_member(context_, {.argv = {"unshare", "--net", "--", "/bin/sh", "-c", controller_script}})) {
  std::vector<SshAlias> aliases;
  for (int host = 1; host <= options.hosts; ++host) {
    hosts_.push_back(start_host(host, options));
    aliases.push_back({.name = name(host), .address = address(host)});
  }
  files_.write_client(aliases);
}

SshFarm::Host SshFarm::start_host(int host, const SshFarmOptions& options) {
  const fs::path seen_as = fs::path(home()) / "sshd";
  const std::string path = home() + "/bin:/usr/local/bin:/usr/bin:/bin";
  const SshListener listener{
      .name = name(host), .address = address(host), .lost_clients = options.lost_clients, .environment = {{"PATH", path}}};
  files_.write_server(listener, seen_as);
  const std::string network = "/proc/" + std::to_string(controller_.pid()) + "/ns/net";
  const UniqueFd controller(::open(network.c_str(), O_RDONLY | O_CLOEXEC));
  SpawnOptions command{
      .argv = {"unshare", "--net", "--uts", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", "/bin/sh",
               ORCHESTRATOR_SOURCE_DIR "/tests/support/ssh_host.sh", name(host), address(host), home(), files_.server()},
      .extra_fds = {{controller.get(), 3}}};
  if (options.has_worker) command.argv.emplace_back(ORCHESTRATOR_TOOL);
  Host started{.process = start_member(context_, std::move(command))};
  started.at_start = network_neighbours_of(started.process.pid());
  return started;
}

Arguments SshFarm::inside(const ChildProcess& member) {
  return {"nsenter", "--net=/proc/" + std::to_string(member.pid()) + "/ns/net", "--"};
}

void SshFarm::cut(int host) const { run_inside(on_controller(), {"ip", "link", "set", name(host), "down"}); }
void SshFarm::mend(int host) const { run_inside(on_controller(), {"ip", "link", "set", name(host), "up"}); }

void SshFarm::lose_packets(int host, int percent) const {
  const std::string some = "numgen random mod 100 < " + std::to_string(percent) + " drop";
  for (const auto& [place, from] :
       {std::pair(inside(at(host).process), std::string("10.99.0.1")), std::pair(on_controller(), address(host))}) {
    run_inside(place, {"nft", "add table inet faults"});
    run_inside(place, {"nft", "add chain inet faults in { type filter hook input priority 0; }"});
    run_inside(place, {"nft", "add rule inet faults in ip saddr " + from + " " + some});
  }
}

void SshFarm::limit_upload(int host, int mbit_per_second) const {
  run_inside(inside(at(host).process), {"tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate",
                                        std::to_string(mbit_per_second) + "mbit", "burst", "32kbit", "latency", "400ms"});
}

void SshFarm::refuse_connections(int host) const {
  const Arguments place = inside(at(host).process);
  run_inside(place, {"nft", "add table inet faults"});
  run_inside(place, {"nft", "add chain inet faults in { type filter hook input priority 0; }"});
  run_inside(place, {"nft", "add rule inet faults in tcp dport 22 reject with tcp reset"});
}

void SshFarm::kill_sshd(int host) const {
  for (const Process& process : network_neighbours_of(at(host).process.pid())) {
    if (process.command.starts_with("sshd") || process.command.starts_with("/usr/sbin/sshd")) ::kill(process.pid, SIGKILL);
  }
}

std::vector<Process> SshFarm::processes(int host) const {
  auto found = network_neighbours_of(at(host).process.pid());
  std::erase_if(found, [&](const Process& process) {
    const auto is_same = [&](const Process& before) { return before.pid == process.pid; };
    return std::any_of(at(host).at_start.begin(), at(host).at_start.end(), is_same);
  });
  return found;
}

Process SshFarm::await_process(int host, const std::string& text) const {
  Process found;
  const auto is_there = [&] {
    for (const Process& process : processes(host)) {
      if (process.command.find(text) != std::string::npos) found = process;
    }
    return found.pid != 0;
  };
  if (!in_time(is_there, 20s)) throw std::runtime_error("no process '" + text + "' on " + name(host));
  return found;
}

std::vector<std::string> SshFarm::files(int host) const {
  const fs::path root = "/proc/" + std::to_string(at(host).process.pid()) + "/root";
  std::vector<std::string> found;
  for (const fs::path& folder : {root / "tmp", fs::path(root.string() + home())}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const fs::path& file = entry.path();
      if (file.filename() != "sshd" && file.filename() != "bin") found.push_back(file.string());
    }
  }
  return found;
}

std::string SshFarm::remains(std::chrono::milliseconds limit) const {
  std::string text;
  const auto is_clean = [&] {
    text.clear();
    for (int host = 1; host <= static_cast<int>(hosts_.size()); ++host) {
      text += describe(processes(host));
      for (const std::string& file : files(host)) text.append(name(host)).append(" ").append(file).append("\n");
    }
    return text.empty();
  };
  return in_time(is_clean, limit) ? std::string() : text;
}

}  // namespace orchestrator::test
