// What Slurm, or fate, takes away from a render: each is an error that names job, node and cause, and nothing stays in the queue.
#include "support/contains.hpp"
#include "support/slurm_render.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// How Slurm ends a step: SIGTERM first, or SIGKILL at once.
enum class Ending { asked, killed };

void check_loss(LongSlurmRender& render, const std::string& job, const std::string& cause, Ending ending) {
  constexpr std::chrono::seconds limit{90};
  const ToolEnd end = render.sandbox.wait(limit);
  const std::string name = "Slurm job " + job + " on node n1";
  check_ssh_failure(render.sandbox, end, {.names = {name, cause}, .kills = ending == Ending::killed, .within = limit});
  CHECK(render.farm.remains(10s) == "");
}

/// As the end of the job that the command line runs in signals them.
void signal_guards(const Sandbox& sandbox) {
  for (const Process& process : sandbox.processes()) {
    if (contains(process.command, "read -r line")) ::kill(process.pid, SIGTERM);
  }
}

}  // namespace

TEST_CASE("slurm faults: a preempted job is an error that says so", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start_and_await_frames();
  const std::string job = render.job();
  render.farm.occupy(1, "urgent");
  check_loss(render, job, "was preempted", Ending::asked);
}

TEST_CASE("slurm faults: a cancelled job and a cancelled step are told from each other", "[slurm]") {
  if (slurm_is_impossible()) return;
  {
    LongSlurmRender render;
    render.start_and_await_frames();
    const std::string job = render.job();
    render.farm.cancel(job);
    check_loss(render, job, "was cancelled (scancel)", Ending::asked);
  }
  LongSlurmRender render;
  render.start_and_await_frames();
  const std::string job = render.job();
  render.farm.cancel(job + ".0");
  check_loss(render, job, "lost its step, which was cancelled", Ending::killed);
}

TEST_CASE("slurm faults: Slurm does not put a worker's job back into the queue, and the worker renders on", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start_and_await_frames();
  const std::string job = render.job();
  CHECK_THROWS_WITH(render.farm.run({"scontrol", "requeue", job}), Catch::Contains("Only batch jobs are accepted"));
  const std::size_t said = render.sandbox.errors_so_far().size();
  CHECK(comes_true([&] { return contains(render.sandbox.errors_so_far().substr(said), R"("frames_done":)"); }, 20s));
  CHECK(contains(render.farm.queue(), job + " RUNNING"));
  ::kill(render.sandbox.tool(), SIGTERM);
  CHECK(render.sandbox.wait().status.code == 143);
  CHECK(render.farm.remains(5s) == "");
}

TEST_CASE("slurm faults: a job at its time limit is an error that names the option", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start_and_await_frames({"--slurm-time", "5"});
  const std::string job = render.job();
  render.farm.run({"scontrol", "update", "JobId=" + job, "EndTime=now+2seconds"});
  check_loss(render, job, "reached its time limit: ask for more (--slurm-time)", Ending::asked);
}

TEST_CASE("slurm faults: a job that takes more memory than it may is an error that names the option", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start({"--slurm-memory", "150"});
  check_loss(render, "1", "ran out of memory: ask for more (--slurm-memory)", Ending::killed);
}

TEST_CASE("slurm faults: a node that dies is noticed by its silence, and named", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start_and_await_frames();
  const std::string job = render.job();
  render.farm.kill_node(1);
  check_loss(render, job, "lost its node", Ending::killed);
}

TEST_CASE("slurm faults: Ctrl-C ends the render, its jobs and those that wait", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start_and_await_frames();
  ::kill(render.sandbox.tool(), SIGINT);
  CHECK(render.sandbox.wait().status.code == 130);
  CHECK(render.farm.remains(5s) == "");
  CHECK(render.sandbox.remains() == "");

  render.farm.occupy(1);
  render.start();
  REQUIRE(comes_true([&] { return contains(render.farm.queue(), "PENDING"); }, 20s));
  ::kill(render.sandbox.tool(), SIGINT);
  CHECK(render.sandbox.wait().status.code == 130);
  CHECK(render.farm.remains(5s) == "");
  CHECK(render.sandbox.remains() == "");
}

TEST_CASE("slurm faults: a killed orchestrator leaves no job in the queue, running or waiting", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.start_and_await_frames();
  ::kill(render.sandbox.tool(), SIGKILL);
  CHECK(render.sandbox.wait().status.signal == SIGKILL);
  CHECK(render.farm.remains(10s) == "");
  CHECK(render.sandbox.remains() == "");

  const std::string occupant = render.farm.occupy(1);
  render.start();
  REQUIRE(comes_true([&] { return contains(render.farm.queue(), "PENDING"); }, 20s));
  signal_guards(render.sandbox);
  ::kill(render.sandbox.tool(), SIGKILL);
  CHECK(render.sandbox.wait().status.signal == SIGKILL);
  CHECK(render.farm.remains(10s) == "");
  CHECK(render.sandbox.remains() == "");
  render.farm.cancel(occupant);
  CHECK_FALSE(comes_true([&] { return !render.farm.queue().empty(); }, 2s));  // nothing that begins now that there is room
}

TEST_CASE("slurm faults: --timeout ends a wait in the queue", "[slurm]") {
  if (slurm_is_impossible()) return;
  LongSlurmRender render;
  render.farm.occupy(1);
  render.start({"--timeout", "4"});
  const ToolEnd end = render.sandbox.wait();
  check_ssh_failure(render.sandbox, end, {.names = {"--timeout"}, .code = "timed_out"});
  CHECK(render.farm.remains(5s) == "");
}
