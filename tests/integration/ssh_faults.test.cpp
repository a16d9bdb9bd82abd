// Hosts, lines and orchestrators that die in the middle of a render: it is noticed in time, on both sides, and nothing stays.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/ssh_farm.hpp"
#include "support/ssh_render.hpp"

#include <boost/json/object.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// The heartbeat time of 10 s, and what a busy machine takes to look and to clean up.
constexpr auto notice_limit = 20s;
/// sshd itself may wait for a lost client longer than we do: it counts from its last sign of life.
constexpr auto sshd_limit = 60s;

/// A render without end on hosts of a farm; one slot each.
struct LongRender {
  explicit LongRender(SshFarmOptions options) : farm(options) {
    sandbox.run_by(farm.on_controller());
    std::vector<HostEntry> entries;
    for (int host = 1; host <= options.hosts; ++host) entries.push_back({.host = SshFarm::name(host)});
    arguments = together({over_ssh(sandbox, farm.files(), entries),
                          {"--preset", "ultrafast", "--progress", "json", "--chunks", std::to_string(options.hosts)}});
  }

  void start(const std::string& composition, const std::string& frames, const Arguments& more = {}) {
    sandbox.start(sandbox.render_arguments(composition, frames, together({arguments, more})));
  }
  void start_and_await_frames(const Arguments& more = {}) {
    start(page("render_frame.html"), "0:200000", more);
    INFO(sandbox.errors_so_far());
    REQUIRE(comes_true([&] { return is_rendering(sandbox); }, 30s));
  }
  /// Whether worker, browser and encoder of node1 have ended.
  bool only_sshd_is_left() const {
    const auto left = farm.processes(1);
    return std::all_of(left.begin(), left.end(), [](const Process& process) { return process.command.starts_with("sshd"); });
  }
  /// After a fault on node1: the render must fail in time, name the host, and nothing may stay anywhere.
  void check_host_lost(std::chrono::steady_clock::time_point fault) {
    const ToolEnd end = sandbox.wait();
    CHECK(std::chrono::steady_clock::now() - fault < notice_limit);
    check_ssh_failure(sandbox, end, {.names = {"node1"}, .within = 1min});
    CHECK(end.json().at("error").as_object().at("worker").as_string() == "node1");
    CHECK(comes_true([&] { return only_sshd_is_left(); }, notice_limit));
    CHECK(farm.remains(sshd_limit) == "");
  }

  Sandbox sandbox{};
  SshFarm farm;
  Arguments arguments{};
};

/// Whether a file of at least this size is on its way below the folder.
bool is_arriving(const std::filesystem::path& folder, std::uintmax_t bytes) {
  std::error_code failed;
  for (std::filesystem::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code gone;
    if (at->is_regular_file(gone) && at->file_size(gone) >= bytes && !gone) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("ssh faults: a worker that is killed fails its chunk with the host's name", "[ssh]") {
  if (farm_is_impossible()) return;
  LongRender render({.hosts = 2});
  render.start_and_await_frames();
  const auto fault = std::chrono::steady_clock::now();
  ::kill(render.farm.await_process(1, "orchestrator worker").pid, SIGKILL);
  render.check_host_lost(fault);
}

TEST_CASE("ssh faults: a killed sshd ends the worker, its browser and its encoder, too", "[ssh]") {
  if (farm_is_impossible()) return;
  LongRender render({.hosts = 2});
  render.start_and_await_frames();
  const auto fault = std::chrono::steady_clock::now();
  render.farm.kill_sshd(1);
  render.check_host_lost(fault);
}

TEST_CASE("ssh faults: a cut line is noticed at both ends within the heartbeat time", "[ssh]") {
  if (farm_is_impossible()) return;
  LongRender render({.hosts = 2});
  render.start_and_await_frames();
  const auto fault = std::chrono::steady_clock::now();
  render.farm.cut(1);
  render.check_host_lost(fault);
}

TEST_CASE("ssh faults: where sshd waits for ever, the worker itself notices that its orchestrator is out of reach", "[ssh]") {
  if (farm_is_impossible()) return;
  LongRender render({.hosts = 1, .lost_clients = LostClients::ignored});
  render.start_and_await_frames();
  render.farm.cut(1);
  CHECK(comes_true([&] { return render.only_sshd_is_left(); }, notice_limit));
  INFO(describe(render.farm.processes(1)));
  CHECK(render.only_sshd_is_left());
  CHECK(render.farm.files(1).empty());
  CHECK(render.sandbox.wait().status.code == 1);
}

TEST_CASE("ssh faults: a line that is cut while a chunk comes back leaves no part of it", "[ssh]") {
  if (farm_is_impossible()) return;
  LongRender render({.hosts = 1});
  render.farm.limit_upload(1, 4);
  // Half a minute of data.
  const std::string composition = write_noise(render.sandbox);
  render.start(composition, "0:120", {"--crf", "0", "--width", "320", "--height", "180"});
  REQUIRE(comes_true([&] { return is_arriving(render.sandbox.out(), 200'000); }, 40s));
  const auto fault = std::chrono::steady_clock::now();
  render.farm.cut(1);
  render.check_host_lost(fault);
}

TEST_CASE("ssh faults: a signal to the orchestrator ends everything on all hosts", "[ssh]") {
  if (farm_is_impossible()) return;
  const auto signal = GENERATE(SIGINT, SIGKILL);
  INFO("signal " << signal);
  LongRender render({.hosts = 2});
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
  LongRender render({.hosts = 1, .has_worker = false});
  render.start_and_await_frames({"--bootstrap"});
  ::kill(render.sandbox.tool(), SIGKILL);
  render.sandbox.wait();
  CHECK(render.sandbox.remains() == "");
  CHECK(render.farm.remains(notice_limit) == "");
}
