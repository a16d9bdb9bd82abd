// Renders over hosts with their own addresses, names and disks: as exact as a local one, whatever the lines are like.
#include "support/ssh_render.hpp"
#include "support/contains.hpp"
#include "support/exact_render.hpp"
#include "support/film.hpp"
#include "support/ssh_farm.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

std::vector<HostEntry> three_hosts() {
  return {{.host = SshFarm::name(1)}, {.host = SshFarm::name(2)}, {.host = SshFarm::name(3)}};
}

/// The hosts render exactly. Returns how that ended.
ToolEnd check_is_exact_on(const SshFarm& farm, const std::vector<HostEntry>& hosts) {
  Sandbox sandbox;
  sandbox.run_by(farm.on_controller());
  return check_is_exact(sandbox, over_ssh(sandbox, farm.files(), hosts), farm);
}

}  // namespace

TEST_CASE("ssh render: three hosts that share no files give exactly the local frames, and each takes part", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm;
  const ToolEnd end = check_is_exact_on(farm, three_hosts());
  const auto hosts = hosts_of(end);
  CHECK(std::set(hosts.begin(), hosts.end()) == std::set<std::string>{"node1", "node2", "node3"});
  CHECK_FALSE(contains(end.errors, "cannot connect"));
}

TEST_CASE("ssh render: a host that loses every tenth packet gives exact chunks", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm({.hosts = 2});
  farm.lose_packets(1, 10);
  check_is_exact_on(farm, {{.host = SshFarm::name(1)}, {.host = SshFarm::name(2)}});
}

TEST_CASE("ssh render: a host behind 20 Mbit/s gives exact chunks", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm({.hosts = 1});
  farm.limit_upload(1, 20);
  check_is_exact_on(farm, {{.host = SshFarm::name(1), .slots = 2}});
}

TEST_CASE("ssh render: hosts of different speed pull from one queue", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm({.hosts = 2});
  farm.limit_upload(1, 1);  // three seconds for what node2 sends at once
  Sandbox sandbox;
  sandbox.run_by(farm.on_controller());
  const Arguments on_hosts = over_ssh(sandbox, farm.files(), {{.host = SshFarm::name(1)}, {.host = SshFarm::name(2)}});
  const Arguments film{"--width", "320", "--height", "180", "--crf", "0", "--preset", "ultrafast", "--chunk-frames", "4"};
  const ToolEnd end = sandbox.render(write_noise(sandbox), "0:48", together({on_hosts, film}));
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  const auto hosts = hosts_of(end);
  CHECK(hosts.size() == 12);
  CHECK(std::count(hosts.begin(), hosts.end(), "node1") < std::count(hosts.begin(), hosts.end(), "node2"));
}

TEST_CASE("ssh render: one of three hosts that is down at the start is a warning with its name", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm;
  farm.refuse_connections(2);
  const ToolEnd end = check_is_exact_on(farm, three_hosts());
  CHECK_THAT(end.errors, Catch::Contains("warning: ") && Catch::Contains("node2") && Catch::Contains("Connection refused"));
  const auto hosts = hosts_of(end);
  CHECK(std::set(hosts.begin(), hosts.end()) == std::set<std::string>{"node1", "node3"});
}

TEST_CASE("ssh render: with every host down, the error names each with its reason", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm;
  farm.refuse_connections(1);
  farm.cut(2);
  farm.kill_sshd(3);
  Sandbox sandbox;
  sandbox.run_by(farm.on_controller());
  const ToolEnd end = sandbox.render(page("static.html"), "0:6", over_ssh(sandbox, farm.files(), three_hosts()));
  check_ssh_failure(sandbox, end, {.names = {"node1", "node2", "node3", "Connection refused", "No route to host"}});
  CHECK(farm.remains(5s) == "");
}

TEST_CASE("ssh render: --bootstrap brings the program to hosts that lack it, and takes it away again", "[ssh]") {
  if (farm_is_impossible()) return;
  const SshFarm farm({.hosts = 2, .has_worker = false});
  Sandbox sandbox;
  sandbox.run_by(farm.on_controller());
  const Arguments on_hosts =
      together({over_ssh(sandbox, farm.files(), {{.host = SshFarm::name(1)}, {.host = SshFarm::name(2)}}), small_and_exact()});
  const ToolEnd without = sandbox.render(page("static.html"), "0:6", on_hosts);
  check_ssh_failure(sandbox, without, {.names = {"node1", "node2", "--bootstrap"}});
  const ToolEnd end = sandbox.render(write_scene(sandbox), "3:51", together({on_hosts, {"--chunks", "4", "--bootstrap"}}));
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(frame_hashes(sandbox.film()).size() == 48);
  CHECK(sandbox.remains() == "");
  CHECK(farm.remains(5s) == "");
}
