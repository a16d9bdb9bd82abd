// Lines that fail in the middle of a render over SSH.
#include "support/film.hpp"
#include "support/long_ssh_render.hpp"

#include <csignal>
#include <thread>

using namespace orchestrator::test;
using namespace std::chrono_literals;

TEST_CASE("ssh network: a cut line is noticed at both ends within the heartbeat time", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 2});
  render.start_and_await_frames();
  const auto fault = std::chrono::steady_clock::now();
  render.farm.cut(1);
  render.check_host_lost(fault);
}

TEST_CASE("ssh network: where sshd waits for ever, the worker itself notices that its orchestrator is out of reach", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 1, .lost_clients = LostClients::ignored});
  render.start_and_await_frames();
  render.farm.cut(1);
  CHECK(comes_true([&] { return render.only_sshd_is_left(); }, notice_limit));
  INFO(describe(render.farm.processes(1)));
  CHECK(render.only_sshd_is_left());
  CHECK(render.farm.files(1).empty());
  CHECK(render.sandbox.wait().status.code == 1);
}

TEST_CASE("ssh network: a line that is cut while a chunk comes back leaves no part of it", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 1});
  render.start_and_await_transfer("0:120");
  const auto fault = std::chrono::steady_clock::now();
  render.farm.cut(1);
  render.check_host_lost(fault);
}

TEST_CASE("ssh network: a line that comes back before the heartbeat time is over costs nothing but time", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 1, .lost_clients = LostClients::ignored});
  render.start_and_await_transfer("0:30");
  render.farm.cut(1);
  std::this_thread::sleep_for(2s);
  render.farm.mend(1);
  const ToolEnd end = render.sandbox.wait();
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(frame_hashes(render.sandbox.film()).size() == 30);
  CHECK(render.farm.remains(5s) == "");
}

TEST_CASE("ssh network: Ctrl-C ends the wait for a host that does not answer", "[ssh]") {
  if (farm_is_impossible()) return;
  LongSshRender render({.hosts = 2});
  render.farm.lose_packets(1, 99);
  render.start(page("render_frame.html"), "0:20");
  render.sandbox.await_process("node1");
  ::kill(render.sandbox.tool(), SIGINT);
  const ToolEnd end = render.sandbox.wait();
  INFO(end.errors);
  CHECK(end.status.code == 128 + SIGINT);
  CHECK(end.wall < 5s);  // ConnectTimeout is 10 s
  CHECK(render.sandbox.remains() == "");
  CHECK(render.farm.remains(notice_limit) == "");
}
