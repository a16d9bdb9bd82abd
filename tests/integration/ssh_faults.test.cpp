// Processes that die in the middle of a render over SSH: it is noticed in time, on both sides, and nothing stays.
#include "support/files.hpp"
#include "support/long_ssh_render.hpp"

#include <sys/ptrace.h>

#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

std::chrono::steady_clock::time_point kill_now(pid_t pid) {
  ::kill(pid, SIGKILL);
  return std::chrono::steady_clock::now();
}

/// Stops the first thread of a process and no other, as a loop that hangs does.
std::chrono::steady_clock::time_point hang_now(pid_t pid) {
  REQUIRE(::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0);
  REQUIRE(::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) == 0);
  return std::chrono::steady_clock::now();
}

}  // namespace

TEST_CASE("ssh faults: a worker that is killed fails its chunk with the host's name", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 2});
  render.start_and_await_frames();
  render.check_host_lost(kill_now(render.farm.await_process(1, "orchestrator worker").pid));
}

TEST_CASE("ssh faults: a worker that hangs is given up, and ends with its browser and its encoder", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 2});
  render.start_and_await_frames();
  render.check_host_lost(hang_now(render.farm.await_process(1, "orchestrator worker").pid));
}

TEST_CASE("ssh faults: a killed sshd ends the worker, its browser and its encoder, too", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 2});
  render.start_and_await_frames();
  const auto fault = std::chrono::steady_clock::now();
  render.farm.kill_sshd(1);
  render.check_host_lost(fault);
}

TEST_CASE("ssh faults: a killed ssh client is a lost host", "[ssh]") {
  if (farm_is_impossible()) return;
  const std::string client = GENERATE("-M -N", "ControlMaster=no");  // the connection, the worker's session
  INFO(client);
  LongSshRender render({.hosts = 1});
  render.start_and_await_frames();
  render.check_host_lost(kill_now(render.sandbox.await_process(client).pid));
}

TEST_CASE("ssh faults: a signal to the orchestrator ends everything on all hosts", "[ssh]") {
  if (farm_is_impossible()) return;
  const auto signal = GENERATE(SIGINT, SIGKILL);
  INFO("signal " << signal);
  LongSshRender render({.hosts = 2});
  render.start_and_await_frames();
  ::kill(render.sandbox.tool(), signal);
  const ToolEnd end = render.sandbox.wait();
  if (signal == SIGKILL) {
    CHECK(end.status.signal == SIGKILL);
  } else {
    CHECK(end.status.code == 128 + signal);
    CHECK(end.json().at("error").as_object().at("code").as_string() == "cancelled");
  }
  CHECK(render.sandbox.remains() == "");
  CHECK(render.farm.remains(notice_limit) == "");
  CHECK(comes_true([&] { return names_in(render.sandbox.out()).empty(); }, 5s));
}

TEST_CASE("ssh faults: a program that --bootstrap brought goes away even if the orchestrator is killed", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 1, .has_worker = false});
  render.start_and_await_frames({"--bootstrap"});
  ::kill(render.sandbox.tool(), SIGKILL);
  render.sandbox.wait();
  CHECK(render.sandbox.remains() == "");
  CHECK(render.farm.remains(notice_limit) == "");
}
