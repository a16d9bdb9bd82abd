#include "slurm/validate_options.hpp"

#include <orchestrator/executors/slurm_executor.hpp>

#include <catch2/catch.hpp>

#include <functional>

using namespace orchestrator;

TEST_CASE("slurm options: times are taken as srun takes them", "[slurm]") {
  for (const char* time : {"90", "5:30", "1:30:00", "2-12", "2-12:30", "2-12:30:15"}) {
    INFO(time);
    CHECK(is_slurm_time(time));
  }
  for (const char* time : {"", "1h", "1:", ":30", "1:2:3:4", "-3", "2-", "1-2-3", "2-1:2:3:4", "90 ", "1.5"}) {
    INFO(time);
    CHECK_FALSE(is_slurm_time(time));
  }
}

TEST_CASE("slurm options: what is wrong is named by its field", "[slurm]") {
  const auto error = [](const std::function<void(SlurmExecutorOptions&)>& change) {
    SlurmExecutorOptions options;
    change(options);
    const auto valid = validate_slurm_options(options);
    return valid ? std::string() : valid.error().detail;
  };
  CHECK(error([](auto&) {}).empty());
  CHECK_THAT(error([](auto& options) { options.workers = 0; }), Catch::StartsWith("slurm.workers is 0"));
  CHECK_THAT(error([](auto& options) { options.cpus = 0; }), Catch::StartsWith("slurm.cpus is 0"));
  CHECK_THAT(error([](auto& options) { options.memory_mib = -1; }), Catch::StartsWith("slurm.memory_mib is -1"));
  CHECK_THAT(error([](auto& options) { options.partition = "a b"; }), Catch::StartsWith("slurm.partition 'a b'"));
  CHECK_THAT(error([](auto& options) { options.account = "a\nb"; }), Catch::StartsWith("slurm.account '"));
  CHECK_THAT(error([](auto& options) { options.constraint = " "; }), Catch::StartsWith("slurm.constraint ' '"));
  CHECK_THAT(error([](auto& options) { options.time = "soon"; }), Catch::StartsWith("slurm.time is 'soon'"));
  CHECK_THAT(error([](auto& options) {
               options.srun_options = {"--gres", "gpu:1"};
             }),
             Catch::StartsWith("slurm.srun_options: 'gpu:1'"));
  CHECK_THAT(error([](auto& options) { options.srun_options = {"--"}; }), Catch::StartsWith("slurm.srun_options: '--'"));
  CHECK_THAT(error([](auto& options) { options.heartbeat_timeout = std::chrono::milliseconds(1); }),
             Catch::Contains("heartbeat_timeout"));
  CHECK_THAT(error([](auto& options) { options.start_timeout = std::chrono::milliseconds(0); }),
             Catch::Contains("start_timeout"));
  CHECK_THAT(error([](auto& options) { options.idle_timeout = std::chrono::milliseconds(-1); }), Catch::Contains("idle_timeout"));
  CHECK(error([](auto& options) { options.constraint = "gpu&(rack1|rack2)"; }).empty());
}
