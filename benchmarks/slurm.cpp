// What Slurm costs, over a cluster on this machine: a whole render against LocalExecutor's, with as many workers.
//   slurm [--frames N] [--rounds N]
// benchmarks/README.md explains the columns.
#include "program.hpp"
#include "support/slurm_farm.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace {

namespace fs = std::filesystem;
using namespace orchestrator;
using test::SlurmFarm;
using namespace orchestrator::program;

/// Renders the reference scene in four chunks with the executor that `make` makes; from nothing running to the end of all
/// workers.
template <class Make>
double render_seconds(int frames, const fs::path& output, Make make) {
  const auto start = Clock::now();
  std::unique_ptr<RenderExecutor> executor = make();
  RenderOrchestrator orchestrator(*executor);
  must(orchestrator.render({.composition = ORCHESTRATOR_SOURCE_DIR "/tests/pages/reference_scene.html",
                            .output = output,
                            .frames = {0, frames},
                            .chunking = {.chunks = 4},
                            .overwrite = true}));
  executor.reset();
  return seconds_since(start);
}

void measure(int frames, int rounds, const fs::path& folder) {
  const int workers = LocalExecutor().capabilities().slots;
  const SlurmFarm farm({.nodes = workers});
  const auto [name, value] = farm.environment();
  ::setenv(name.c_str(), value.c_str(), 1);
  for (int round = 0; round < rounds; ++round) {
    const double local = render_seconds(frames, folder / "local.mp4", [] { return std::make_unique<LocalExecutor>(); });
    const double slurm = render_seconds(frames, folder / "slurm.mp4", [workers] {
      return std::make_unique<SlurmExecutor>(SlurmExecutorOptions{.workers = workers});
    });
    std::printf("1920x1080, %d frames, 4 chunks, %d worker(s): local %.2f s, slurm %.2f s: wall x %.3f\n", frames, workers, local,
                slurm, slurm / local);
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  const std::string tool = (fs::read_symlink("/proc/self/exe").parent_path() / "../bin/orchestrator").lexically_normal();
  ::setenv("ORCHESTRATOR_WORKER", tool.c_str(), 0);
  int frames = 300, rounds = 3;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option != "--frames" && option != "--rounds") give_up("unknown option " + std::string(option));
    (option == "--frames" ? frames : rounds) = std::max(1, std::atoi(argv[i + 1]));
  }
  if (const std::string why = SlurmFarm::impossible(); !why.empty()) give_up(why);
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  measure(frames, rounds, folder);
  fs::remove_all(folder);
}
