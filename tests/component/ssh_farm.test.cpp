// The test bed of the SSH tests: what they rely on.
#include "support/ssh_farm.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/run_tool.hpp"
#include "support/ssh_server.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

using Arguments = std::vector<std::string>;

Arguments ssh(const SshFiles& files, const std::string& host, const Arguments& command) {
  Arguments argv{"ssh", "-F", files.client_config(), "-o", "BatchMode=yes", "-o", "ConnectTimeout=2", host};
  argv.insert(argv.end(), command.begin(), command.end());
  return argv;
}

Arguments ssh_from_controller(const SshFarm& farm, int host, const Arguments& command) {
  Arguments argv = farm.on_controller();
  const Arguments client = ssh(farm.files(), SshFarm::name(host), command);
  argv.insert(argv.end(), client.begin(), client.end());
  return argv;
}

/// What ssh says when it cannot; throws if it can.
std::string failure(const Arguments& argv) {
  const auto output = await(run_program({.argv = argv}));
  if (!output || output->status.success()) throw std::runtime_error("ssh succeeded");
  return output->error_tail;
}

/// Says so and is true where hosts cannot be made.
bool no_farm() {
  const std::string why = SshFarm::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

/// A client that runs until it is killed or its connection is lost.
struct Session {
  Session(Arguments argv) : process(*ChildProcess::spawn(context.get_executor(), {.argv = std::move(argv)})) {}
  boost::asio::io_context context{1};
  ChildProcess process;
};

}  // namespace

TEST_CASE("ssh server: runs commands with its own home and PATH, and nothing stays", "[ssh_farm]") {
  SshServer server("/some/programs");
  CHECK(contains(run_tool(ssh(server.files(), SshServer::name(), {"echo", "$PATH"})), "/some/programs:"));
  const std::string home = run_tool(ssh(server.files(), SshServer::name(), {"echo", "$HOME"}));
  CHECK(contains(home, "estrator test"));
  CHECK(server.remains(5s) == "");
}

TEST_CASE("ssh server: another host key and a refused user key are refusals with their own words", "[ssh_farm]") {
  const SshServer server("/bin");
  server.files().expect_another_host_key();
  CHECK_THAT(failure(ssh(server.files(), SshServer::name(), {"true"})), Catch::Contains("Host key verification failed"));
  const SshServer refusing("/bin");
  refusing.files().refuse_user_key();
  CHECK_THAT(failure(ssh(refusing.files(), SshServer::name(), {"true"})), Catch::Contains("Permission denied"));
}

TEST_CASE("ssh server: what its sessions leave is found, whoever its parent has become", "[ssh_farm]") {
  SshServer server("/bin");
  run_tool(ssh(server.files(), SshServer::name(), {"setsid sleep 61 >/dev/null 2>&1 </dev/null & echo > \"$TMPDIR/forgotten\""}));
  const std::string left = server.remains(100ms);
  CHECK(contains(left, "sleep 61"));
  CHECK(contains(left, "forgotten"));
  CHECK_FALSE(contains(left, "sshd"));
}

TEST_CASE("ssh server: killed, it loses its sessions but not what they run", "[ssh_farm]") {
  SshServer server("/bin");
  Session session(ssh(server.files(), SshServer::name(), {"exec sleep 62"}));
  const pid_t remote = server.await_process("sleep 62").pid;
  server.kill();
  CHECK(contains(server.remains(100ms), std::to_string(remote) + " sleep 62"));
  CHECK_THROWS(run_tool(ssh(server.files(), SshServer::name(), {"true"})));
}

TEST_CASE("ssh farm: three hosts have their own addresses, names, process numbers and /tmp", "[ssh_farm]") {
  if (no_farm()) return;
  SshFarm farm;
  for (int host = 1; host <= 3; ++host) {
    CHECK(run_tool(ssh_from_controller(farm, host, {"hostname"})) == SshFarm::name(host) + "\n");
    CHECK(contains(run_tool(ssh_from_controller(farm, host, {"echo", "$SSH_CONNECTION"})), SshFarm::address(host)));
    CHECK(run_tool(ssh_from_controller(farm, host, {"cat", "/proc/1/comm"})) == "sh\n");
    CHECK(run_tool(ssh_from_controller(farm, host, {"ls", "-A", "/tmp"})).empty());
    CHECK(contains(run_tool(ssh_from_controller(farm, host, {"orchestrator", "--version"})), "orchestrator "));
    run_tool(ssh_from_controller(farm, host, {"touch", "/tmp/mine"}));
  }
  CHECK(contains(farm.remains(100ms), "node3 "));
}

TEST_CASE("ssh farm: a cut link is noticed by both ends, and what a session runs is seen on its host", "[ssh_farm]") {
  if (no_farm()) return;
  SshFarm farm({.hosts = 2, .has_worker = false});
  CHECK_THROWS(run_tool(ssh_from_controller(farm, 1, {"orchestrator", "--version"})));
  Arguments argv = ssh_from_controller(farm, 1, {"exec cat"});  // ends with its input
  argv.insert(argv.end() - 2, {"-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=2"});
  boost::asio::io_context context(1);
  auto session = *ChildProcess::spawn(context.get_executor(), {.argv = argv, .input = {Stdio::Kind::pipe}});
  const pid_t remote = farm.await_process(1, "cat").pid;
  CHECK(farm.processes(2).empty());
  CHECK(contains(farm.remains(100ms), std::to_string(remote) + " cat"));
  farm.cut(1);
  CHECK(await(context, session.wait())->code == 255);
  CHECK(farm.remains(15s) == "");
  farm.mend(1);
  CHECK(run_tool(ssh_from_controller(farm, 1, {"hostname"})) == "node1\n");
}

TEST_CASE("ssh farm: refused connections, lost packets and a narrow line are what they say", "[ssh_farm]") {
  if (no_farm()) return;
  SshFarm farm;
  farm.refuse_connections(1);
  CHECK_THAT(failure(ssh_from_controller(farm, 1, {"true"})), Catch::Contains("Connection refused"));
  farm.lose_packets(2, 99);
  CHECK_THAT(failure(ssh_from_controller(farm, 2, {"true"})), Catch::Contains("timed out"));
  farm.limit_upload(3, 8);
  const auto start = std::chrono::steady_clock::now();
  CHECK(run_tool(ssh_from_controller(farm, 3, {"head", "-c", "1000000", "/dev/zero"})).size() == 1'000'000);
  CHECK(std::chrono::steady_clock::now() - start > 800ms);  // 8 Mbit, less what the bucket lets through at once
}

TEST_CASE("ssh farm: a host's sshd can be killed alone, and nothing of a farm outlives it", "[ssh_farm]") {
  if (no_farm()) return;
  pid_t remote = 0;
  {
    SshFarm farm({.hosts = 1});
    Session session(ssh_from_controller(farm, 1, {"exec sleep 63"}));
    remote = farm.await_process(1, "sleep 63").pid;
    farm.kill_sshd(1);
    CHECK(in_time([&] { return describe(farm.processes(1)) == std::to_string(remote) + " sleep 63 \n"; }));
    CHECK_THAT(failure(ssh_from_controller(farm, 1, {"true"})), Catch::Contains("Connection refused"));
  }
  CHECK(in_time([&] { return !std::filesystem::exists("/proc/" + std::to_string(remote)); }));
}
