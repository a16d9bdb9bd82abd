#pragma once

#include "support/ssh_farm.hpp"
#include "support/ssh_render.hpp"

#include <boost/json/object.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace orchestrator::test {

/// A fault must be noticed within this time: the heartbeat time of 10 s, and what a busy machine takes to look and to clean up.
constexpr std::chrono::seconds notice_limit{20};
/// sshd itself must have ended within this time. It may wait for a lost client longer than we wait for a host, because it counts
/// from the client's last sign of life.
constexpr std::chrono::seconds sshd_limit{60};

/// A render on the hosts of a farm, one slot and one chunk each, that runs long enough for a fault to happen meanwhile.
struct LongSshRender {
  explicit LongSshRender(SshFarmOptions options) : farm(options) {
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
    const bool is_under_way = comes_true([this] { return is_rendering(sandbox); }, std::chrono::seconds(30));
    INFO(sandbox.errors_so_far());
    REQUIRE(is_under_way);
  }
  /// Returns while a chunk of `frames` frames of noise is on its way back at 4 Mbit/s; 90 KB a frame.
  void start_and_await_transfer(const std::string& frames) {
    farm.limit_upload(1, 4);
    start(write_noise(sandbox), frames, {"--crf", "0", "--width", "320", "--height", "180"});
    REQUIRE(comes_true([this] { return arriving_bytes() >= 200'000; }, std::chrono::seconds(40)));
  }
  /// Size of the largest file below the output's folder.
  std::uintmax_t arriving_bytes() const {
    std::uintmax_t most = 0;
    std::error_code failed;
    for (std::filesystem::recursive_directory_iterator at(sandbox.out(), failed), end; !failed && at != end;
         at.increment(failed)) {
      std::error_code gone;
      const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
      if (!gone) most = std::max(most, size);
    }
    return most;
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
    check_ssh_failure(sandbox, end, {.names = {"node1"}, .within = std::chrono::minutes(2)});
    CHECK(end.json().at("error").as_object().at("worker").as_string() == "node1");
    CHECK(comes_true([this] { return only_sshd_is_left(); }, notice_limit));
    CHECK(farm.remains(sshd_limit) == "");
  }

  Sandbox sandbox{};
  SshFarm farm;
  Arguments arguments{};
};

}  // namespace orchestrator::test
