// What SSH and Slurm cost, over an sshd and a cluster on this machine: the same film as with LocalExecutor, with as many workers.
//   executors [--frames N] [--rounds N]
// benchmarks/README.md explains the columns.
#include "program.hpp"
#include "support/in_time.hpp"
#include "support/slurm_farm.hpp"
#include "support/ssh_server.hpp"
#include "ways.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace orchestrator;
using test::SlurmFarm;
using test::SshServer;
using namespace orchestrator::program;

/// Renders the reference scene in four chunks. Returns the seconds from nothing running to the end of all workers.
double render_seconds(int frames, const fs::path& output, const std::function<std::unique_ptr<RenderExecutor>()>& make) {
  const auto start = Clock::now();
  std::unique_ptr<RenderExecutor> executor = make();
  RenderOrchestrator orchestrator(*executor);
  must(orchestrator.render({.composition = ORCHESTRATOR_SOURCE_DIR "/tests/pages/reference_scene.html",
                            .output = output,
                            .video = {.width = 1920, .height = 1080, .fps = {30, 1}},
                            .frames = {0, frames},
                            .chunking = {.chunks = 4},
                            .overwrite = true}));
  executor.reset();
  return seconds_since(start);
}

double render_here(int frames, const fs::path& output) {
  return render_seconds(frames, output, [] { return std::make_unique<LocalExecutor>(); });
}

double render_over_ssh(int frames, const fs::path& output) {
  const SshServer server(tool_folder());
  const SshHost host{.host = SshServer::name(), .ssh_options = {"-F", server.files().client_config()}};
  return render_seconds(frames, output, [&] { return std::make_unique<SshExecutor>(SshExecutorOptions{.hosts = {host}}); });
}

double render_on_slurm(int frames, const fs::path& output) {
  const int workers = LocalExecutor().capabilities().slots;
  const SlurmFarm farm({.nodes = workers});
  const auto [name, value] = farm.environment();
  ::setenv(name.c_str(), value.c_str(), 1);
  const double seconds = render_seconds(
      frames, output, [workers] { return std::make_unique<SlurmExecutor>(SlurmExecutorOptions{.workers = workers}); });
  // What is still there when the farm is killed has no CPU time: its init waits for nobody then.
  test::in_time([&farm] { return farm.processes().empty(); }, std::chrono::seconds(10));
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [frames, rounds] = begin_measuring(argc, argv, {.frames = 300});
  if (const std::string why = SlurmFarm::impossible(); !why.empty()) give_up(why);
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  std::printf("1920x1080, %d frames, 4 chunks, %d worker(s)\n", frames, LocalExecutor().capabilities().slots);
  const auto way = [&](const char* name, double (*render)(int, const fs::path&)) {
    return Way{name, [=, output = fs::path(folder) / (std::string(name) + ".mp4")] { return render(frames, output); }};
  };
  compare({way("local", render_here), way("ssh", render_over_ssh), way("slurm", render_on_slurm)},
          rounds);  // not Slurm's daemons
  fs::remove_all(folder);
}
