// SlurmExecutor on a real Slurm whose workers are scripted: jobs that come, go, and come again.
#include <orchestrator/executors/slurm_executor.hpp>

#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/notes.hpp"
#include "support/slurm_farm.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <mutex>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

const ChunkJob job{.chunk = 1, .frames = {10, 40}, .composition = "https://example.org/", .output = "/tmp/c.mp4"};

/// A farm, and an executor on it whose workers have a page's error for each job, unless `behaviour` says something else.
struct Setup {
  explicit Setup(int workers, const char* behaviour = "fails", std::chrono::milliseconds idle_timeout = 60s)
      : executor({.workers = workers,
                  .shared_files = true,
                  .worker_command = {ORCHESTRATOR_SCRIPTED_WORKER, behaviour},
                  .idle_timeout = idle_timeout,
                  .on_log = [this](LogLevel, std::string_view text) {
                    const std::lock_guard lock(mutex);
                    log += std::string(text) + "\n";
                  }}) {}
  Error error_of_chunk() {
    const auto result = await(executor.render_chunk(job, notes));
    return result ? Error{.detail = "there is no error"} : result.error();
  }
  bool has_told(const std::string& text) {
    const std::lock_guard lock(mutex);
    return contains(log, text);
  }

  SlurmFarm farm{{.nodes = 1, .cpus = 4}};
  Environment slurm_conf{"SLURM_CONF", farm.environment().second};
  Notes notes{};
  std::mutex mutex{};
  std::string log{};
  SlurmExecutor executor;
};

/// While it lives, each srun runs on for some seconds after its job's end, as when slurmd is slow to report that.
class LingeringSruns {
 public:
  LingeringSruns() { write_script(folder_ / "srun", find_program("srun") + " \"$@\"\nstatus=$?\nsleep 4\nexit $status"); }

 private:
  TempDir folder_{};
  Environment path_{"PATH", folder_.path().string() + ":" + std::getenv("PATH")};
};

std::string first_job(const SlurmFarm& farm) {
  const std::string queue = farm.queue();
  return queue.substr(0, queue.find(' '));
}

bool no_slurm_here() {
  const std::string why = SlurmFarm::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

}  // namespace

TEST_CASE("slurm executor: plans are for all workers, slots are those that are there", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(3);
  CHECK(setup.executor.capabilities().slots == 1);
  CHECK(setup.executor.capabilities().most_slots == 3);
  REQUIRE(await(setup.executor.prepare()).has_value());
  // Two of them fit the node.
  CHECK(in_time([&] { return setup.executor.capabilities().slots == 2; }, 20s));
  CHECK(in_time([&] { return setup.has_told("waits in the queue (Resources)"); }, 20s));
}

TEST_CASE("slurm executor: an idle worker that is lost is asked for again, and the next chunk has the new one", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(1);
  REQUIRE(await(setup.executor.prepare()).has_value());
  CHECK(setup.error_of_chunk().worker == "n1/1");
  setup.farm.cancel(first_job(setup.farm));
  CHECK(in_time([&] { return setup.has_told("Slurm job 1 on node n1 was cancelled (scancel)"); }, 20s));
  const Error error = setup.error_of_chunk();
  CHECK(error.code == Errc::page_error);
  CHECK(error.worker == "n1/2");
}

TEST_CASE("slurm executor: a worker that dies with a chunk fails it retryably, with job, node and last words", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(1, "dies-in-job");
  REQUIRE(await(setup.executor.prepare()).has_value());
  const Error error = setup.error_of_chunk();
  CHECK(error.code == Errc::executor_unavailable);
  CHECK(is_retryable(error.code));
  CHECK(error.worker == "n1/1");
  CHECK_THAT(error.detail, Catch::StartsWith("Slurm job 1 on node n1 lost its worker (srun ended with exit status"));
  CHECK(contains(error.output_tail, "out of memory"));
  CHECK(setup.error_of_chunk().worker == "n1/2");
}

TEST_CASE("slurm executor: a worker that falls silent is given up, and its job is ended", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(1, "falls-silent");
  REQUIRE(await(setup.executor.prepare()).has_value());
  const Error error = setup.error_of_chunk();
  CHECK(error.code == Errc::executor_unavailable);
  CHECK_THAT(error.detail, Catch::StartsWith("Slurm job 1 on node n1 lost its worker, which fell silent"));
  CHECK(in_time([&] { return !contains(setup.farm.queue(), "1 RUNNING"); }, 10s));
}

TEST_CASE("slurm executor: when nothing is rendered, the jobs are given back, and the next render asks for new ones", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(3, "fails", 1500ms);
  REQUIRE(await(setup.executor.prepare()).has_value());
  CHECK(setup.error_of_chunk().code == Errc::page_error);
  CHECK(in_time([&] { return contains(setup.farm.queue(), "PENDING"); }, 1s));  // two fit the node
  CHECK(setup.farm.remains(20s) == "");
  CHECK(in_time([&] { return setup.executor.capabilities().slots == 1; }));
  REQUIRE(await(setup.executor.prepare()).has_value());
  CHECK(setup.error_of_chunk().code == Errc::page_error);
}

TEST_CASE("slurm executor: it leaves no job when it is destroyed, and takes no other executor's jobs along", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(1);
  REQUIRE(await(setup.executor.prepare()).has_value());
  {
    SlurmExecutor other({.workers = 4, .worker_command = {ORCHESTRATOR_SCRIPTED_WORKER, "fails"}});
    boost::asio::io_context context;
    REQUIRE(await(context, other.prepare()).has_value());
    CHECK(in_time([&] { return contains(setup.farm.queue(), "PENDING"); }));  // two fit the node, one of them is not the other's
  }
  CHECK(in_time([&] { return !contains(setup.farm.queue(), "PENDING"); }));
  CHECK(setup.error_of_chunk().worker == "n1/1");
}

TEST_CASE("slurm executor: a render that begins while idle jobs are being ended has workers of its own", "[slurm]") {
  if (no_slurm_here()) return;
  const LingeringSruns lingering;
  Setup setup(1, "fails", 1500ms);
  REQUIRE(await(setup.executor.prepare()).has_value());
  CHECK(setup.error_of_chunk().worker == "n1/1");
  REQUIRE(setup.farm.remains(20s) == "");
  REQUIRE(await(setup.executor.prepare()).has_value());
  const Error error = setup.error_of_chunk();
  CHECK(error.code == Errc::page_error);
  CHECK(error.worker == "n1/2");
}

TEST_CASE("slurm executor: jobs that no controller cancels at its end are cancelled when one answers", "[slurm]") {
  if (no_slurm_here()) return;
  Setup setup(1);
  std::string told;
  {
    SlurmExecutor other({.workers = 3,
                         .worker_command = {ORCHESTRATOR_SCRIPTED_WORKER, "fails"},
                         .on_log = [&told](LogLevel, std::string_view text) { told += text; }});
    boost::asio::io_context context;
    REQUIRE(await(context, other.prepare()).has_value());
    REQUIRE(in_time([&] { return contains(setup.farm.queue(), "PENDING"); }));  // two fit the node
    setup.farm.stop_controller();
  }
  CHECK(contains(told, "tried for ten minutes more"));
  setup.farm.continue_controller();
  // What ran was completing when the controller stopped, and may do so for a while.
  CHECK(in_time([&] { return !contains(setup.farm.queue(), "PENDING") && !contains(setup.farm.queue(), "RUNNING"); }, 30s));
}

TEST_CASE("slurm executor: what the job around it has set for its own steps does not reach the workers", "[slurm]") {
  if (no_slurm_here()) return;
  const Environment job("SLURM_JOB_ID", "4711"), exported("SLURM_EXPORT_ENV", "NONE"), gpus("SLURM_GPUS", "1");
  const Environment labels("SLURM_LABELIO", "1"), output("SLURM_STDOUTMODE", "none");
  Setup setup(1);
  REQUIRE(await(setup.executor.prepare()).has_value());
  CHECK(setup.error_of_chunk().code == Errc::page_error);
}
