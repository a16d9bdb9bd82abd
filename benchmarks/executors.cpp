// What SSH and Slurm cost, over an sshd and a cluster on this machine: the same film as with LocalExecutor, with as many workers.
//   executors [--frames N] [--rounds N]
// benchmarks/README.md explains the columns.
#include "program.hpp"
#include "support/in_time.hpp"
#include "support/slurm_farm.hpp"
#include "support/ssh_server.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace orchestrator;
using test::SlurmFarm;
using test::SshServer;
using namespace orchestrator::program;

std::string tool_folder() { return (fs::read_symlink("/proc/self/exe").parent_path() / "../bin").lexically_normal(); }

/// User + system time of this process and of the children it has waited for.
double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval time : {usage.ru_utime, usage.ru_stime})
      sum += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  }
  return sum;
}

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

struct Way {
  const char* name;
  double (*render)(int frames, const fs::path& output);
  std::vector<double> seconds{};
  std::vector<double> cpu{};
};

/// Once, with the CPU time of all that took part, but for Slurm's daemons.
void measure(Way& way, int frames, const fs::path& folder) {
  const double before = cpu_seconds();
  way.seconds.push_back(way.render(frames, folder / (std::string(way.name) + ".mp4")));
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
  way.cpu.push_back(cpu_seconds() - before);
}

/// Of the ratios round by round, because the machine may be slower in one round than in another.
double median_ratio(const std::vector<double>& times, const std::vector<double>& local) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < times.size(); ++i) ratios.push_back(times[i] / local[i]);
  std::sort(ratios.begin(), ratios.end());
  const std::size_t middle = ratios.size() / 2;
  return ratios.size() % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
}

void compare(int frames, int rounds, const fs::path& folder) {
  std::array<Way, 3> ways{{{"local", render_here}, {"ssh", render_over_ssh}, {"slurm", render_on_slurm}}};
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < ways.size(); ++i) {  // each round begins with another one
      measure(ways[(i + static_cast<std::size_t>(round)) % ways.size()], frames, folder);
    }
    for (const Way& way : ways) {
      std::printf("round %d, %-5s  %6.2f s, CPU %6.2f s: wall x %.3f, CPU x %.3f\n", round + 1, way.name, way.seconds.back(),
                  way.cpu.back(), way.seconds.back() / ways[0].seconds.back(), way.cpu.back() / ways[0].cpu.back());
    }
    std::fflush(stdout);
  }
  for (const Way& way : ways) {
    std::printf("median,  %-5s  wall x %.3f, CPU x %.3f\n", way.name, median_ratio(way.seconds, ways[0].seconds),
                median_ratio(way.cpu, ways[0].cpu));
  }
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans become children, so that their time is counted, too
  ::setenv("ORCHESTRATOR_WORKER", (tool_folder() + "/orchestrator").c_str(), 0);
  int frames = 300, rounds = 3;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option != "--frames" && option != "--rounds") give_up("unknown option " + std::string(option));
    (option == "--frames" ? frames : rounds) = std::max(1, std::atoi(argv[i + 1]));
  }
  if (const std::string why = SlurmFarm::impossible(); !why.empty()) give_up(why);
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  std::printf("1920x1080, %d frames, 4 chunks, %d worker(s)\n", frames, LocalExecutor().capabilities().slots);
  compare(frames, rounds, folder);
  fs::remove_all(folder);
}
