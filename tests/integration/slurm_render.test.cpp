// Renders on a real Slurm cluster: as exact as a local one, from the first worker on, whatever the queue is like.
#include "support/slurm_render.hpp"
#include "support/contains.hpp"
#include "support/exact_render.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <set>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// The nodes that rendered: of each chunk's "NODE/JOB", the first part.
std::set<std::string> nodes_of(const ToolEnd& end) {
  std::set<std::string> nodes;
  for (const std::string& worker : hosts_of(end)) nodes.insert(worker.substr(0, worker.find('/')));
  return nodes;
}

/// Two nodes render in a job's environment. Returns how that ended.
ToolEnd check_is_exact_on_two_nodes(const Arguments& more) {
  const SlurmFarm farm;
  Sandbox sandbox;
  sandbox.set("SLURM_JOB_ID", "4711");  // as in a job: the workers are jobs of their own all the same
  sandbox.set("SLURM_EXPORT_ENV", "NONE");
  sandbox.set("SLURM_LABELIO", "1");
  return check_is_exact(sandbox, together({over_slurm(sandbox, farm, 2), more}), farm);
}

}  // namespace

TEST_CASE("slurm render: two nodes give exactly the local frames, and files travel through srun", "[slurm]") {
  if (slurm_is_impossible()) return;
  const ToolEnd end = check_is_exact_on_two_nodes({});
  CHECK_FALSE(nodes_of(end).empty());
}

TEST_CASE("slurm render: a worker says what a composition is, and its job does not stay", "[slurm]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm({.nodes = 1});
  Sandbox sandbox;
  const ToolEnd end =
      sandbox.run(together({{"compositions", page("declares_length.html"), "--json"}, over_slurm(sandbox, farm, 1)}));
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(end.json().at("compositions").at(0).at("frames") == 20);
  CHECK(sandbox.remains() == "");
}

TEST_CASE("slurm render: with --slurm-shared, the same frames are read and written in place", "[slurm]") {
  if (slurm_is_impossible()) return;
  check_is_exact_on_two_nodes({"--slurm-shared"});
  LongSlurmRender render;
  render.start_and_await_frames({"--slurm-shared"});
  const auto processes = render.sandbox.processes();
  CHECK(std::any_of(processes.begin(), processes.end(), [&](const Process& process) {
    return contains(process.command, "ffmpeg ") && contains(process.command, render.sandbox.out().string());
  }));
  ::kill(render.sandbox.tool(), SIGTERM);
  CHECK(render.sandbox.wait().status.code == 143);
  CHECK(render.farm.remains(5s) == "");
}

TEST_CASE("slurm render: in a full queue it says why it waits, and begins when there is room", "[slurm]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm({.nodes = 1});
  const std::string occupant = farm.occupy(1);
  Sandbox sandbox;
  sandbox.start(sandbox.render_arguments(page("render_frame.html"), "0:6", over_slurm(sandbox, farm, 1)));
  const bool is_told = comes_true(
      [&] { return contains(sandbox.errors_so_far(), "waits in the queue (Resources): no node with what it asks for is free"); },
      20s);
  INFO(sandbox.errors_so_far());
  CHECK(is_told);
  CHECK(contains(farm.queue(), "PENDING"));
  farm.cancel(occupant);
  const ToolEnd end = sandbox.wait();
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(farm.remains(5s) == "");
}

TEST_CASE("slurm render: begins with the first worker, and grows when another one comes", "[slurm]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm;
  const std::string occupant = farm.occupy(2);
  Sandbox sandbox;
  const Arguments film{"--chunk-frames", "30", "--preset", "ultrafast", "--progress", "json"};
  sandbox.start(sandbox.render_arguments(page("render_frame.html"), "0:1200", together({over_slurm(sandbox, farm, 2), film})));
  const bool is_under_way = comes_true([&] { return is_rendering(sandbox); }, 40s);
  INFO(sandbox.errors_so_far());
  REQUIRE(is_under_way);
  farm.cancel(occupant);
  const ToolEnd end = sandbox.wait(2min);
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(hosts_of(end).size() == 40);
  CHECK(hosts_of(end).front().starts_with("n1/"));
  CHECK(nodes_of(end) == std::set<std::string>{"n1", "n2"});
  CHECK(farm.remains(5s) == "");
}

TEST_CASE("slurm render: there are no more jobs than chunks that can be rendered at once", "[slurm]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm;
  Sandbox sandbox;
  const Arguments on_farm = over_slurm(sandbox, farm, 4);
  const auto jobs = [&farm] {
    const std::string all = farm.run({"squeue", "--noheader", "--states=all", "--format=%i"});
    return std::count(all.begin(), all.end(), '\n');
  };
  const std::string scene = page("render_frame.html");
  const ToolEnd end = sandbox.render(scene, "0:60", together({on_farm, small_and_exact(), {"--chunks", "2"}}));
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(jobs() == 2);
  const ToolEnd planned = sandbox.run({"plan", scene, "-o", sandbox.film(), "--frames", "0:8", "--chunks", "4"});
  const std::string plan = sandbox.file("plan.json", planned.output);
  const ToolEnd chunk =
      sandbox.run(together({{"chunk", "--plan", plan, "--chunk", "3", "-o", sandbox.folder() / "chunks"}, on_farm}));
  INFO(chunk.errors);
  REQUIRE(chunk.status.code == 0);
  CHECK(jobs() == 3);
  CHECK(farm.remains(5s) == "");
}

TEST_CASE("slurm render: a job that Slurm refuses is an error with Slurm's words, at once", "[slurm]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm({.nodes = 1});
  Sandbox sandbox;
  const Arguments on_farm = over_slurm(sandbox, farm, 2);
  const ToolEnd partition = sandbox.render(page("static.html"), "0:6", together({on_farm, {"--slurm-partition", "nopart"}}));
  check_ssh_failure(sandbox, partition, {.names = {"refuses a worker's job", "Invalid partition name specified"}});
  const ToolEnd memory = sandbox.render(page("static.html"), "0:6", together({on_farm, {"--slurm-memory", "999999"}}));
  check_ssh_failure(sandbox, memory, {.names = {"Memory specification can not be satisfied"}});
  CHECK(farm.remains(5s) == "");
}

TEST_CASE("slurm render: a worker that is not on the node is named, with what to do", "[slurm]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm({.nodes = 1});
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_WORKER", "/nowhere/orchestrator");
  const ToolEnd end = sandbox.render(page("static.html"), "0:6", over_slurm(sandbox, farm, 1));
  check_ssh_failure(sandbox, end, {.names = {"/nowhere/orchestrator", "on node n1", "install orchestrator"}});
}

TEST_CASE("slurm render: without Slurm, or without a controller that answers, the error says so", "[slurm]") {
  Sandbox without;
  without.set("PATH", "/nowhere");
  const ToolEnd missing = without.render(page("static.html"), "0:6", {"--executor", "slurm"});
  CHECK(missing.status.code == 1);
  CHECK_THAT(missing.errors, Catch::Contains("srun was not found on PATH"));
  if (slurm_is_impossible()) return;
  Sandbox sandbox;
  const SlurmFarm farm({.nodes = 1});
  const Arguments on_farm = over_slurm(sandbox, farm, 1);
  farm.stop_controller();
  const ToolEnd silent = sandbox.render(page("static.html"), "0:6", on_farm);
  check_ssh_failure(sandbox, silent, {.names = {"no Slurm controller answers", "SLURM_CONF"}});
}

TEST_CASE("slurm render: options that cannot be right are named, and belong to this executor alone", "[slurm]") {
  Sandbox sandbox;
  const auto errors = [&](const Arguments& more) {
    const ToolEnd end = sandbox.render(page("static.html"), "0:6", more);
    CHECK(end.status.code == 2);
    return end.errors;
  };
  CHECK_THAT(errors({"--slurm-time", "soon"}), Catch::Contains("--slurm-time is 'soon', it must be minutes"));
  CHECK_THAT(errors({"--slurm-cpus", "0"}), Catch::Contains("--slurm-cpus is 0"));
  CHECK_THAT(errors({"--slurm-memory", "-5"}), Catch::Contains("--slurm-memory is -5"));
  CHECK_THAT(errors({"--slurm-option", "gpu:1"}), Catch::Contains("--slurm-option: 'gpu:1' is no option of srun"));
  CHECK_THAT(errors({"--slurm-shared", "--host", "node1"}), Catch::Contains("belongs to --executor"));
}
