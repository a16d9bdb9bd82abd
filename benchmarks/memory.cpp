// Peak memory of a whole render: does it grow with the length of the video? How much does one worker take?
//   memory [--size 1920x1080]
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace orchestrator;

/// Parent of every process: the fourth field of /proc/PID/stat (proc(5)), after a name that may hold spaces.
std::map<int, int> parents() {
  std::map<int, int> result;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const int pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end != std::string::npos && name_end + 4 < line.size()) result[pid] = std::atoi(line.c_str() + name_end + 4);
  }
  return result;
}

/// Proportional set size: shared pages are counted once over all processes.
std::int64_t pss_kib(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    std::int64_t kib = 0;
    if (word == "Pss:" && file >> kib) return kib;
  }
  return 0;
}

std::int64_t tree_kib(int root) {
  const auto parent_of = parents();
  std::int64_t sum = 0;
  for (const auto& [pid, parent] : parent_of) {
    int up = pid;
    while (up > 1 && up != root) {
      const auto found = parent_of.find(up);
      up = found == parent_of.end() ? 0 : found->second;
    }
    if (up == root) sum += pss_kib(pid);
  }
  return sum;
}

std::int64_t peak_mib(const RenderOptions& options) {
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> peak{0};
  std::thread watcher([&] {
    for (; !over; std::this_thread::sleep_for(std::chrono::milliseconds(250))) peak = std::max(peak.load(), tree_kib(::getpid()));
  });
  Result<RenderResult> result = Error{};
  {
    LocalExecutor executor;
    RenderOrchestrator orchestrator(executor);
    result = orchestrator.render(options);
    over = true;
    watcher.join();
  }
  if (!result) {
    std::fprintf(stderr, "memory: %s\n", result.error().message().c_str());
    std::exit(1);
  }
  return peak / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  ::setenv("ORCHESTRATOR_WORKER", (fs::read_symlink("/proc/self/exe").parent_path() / "../bin/orchestrator").c_str(), 0);
  int width = 1920, height = 1080;
  if (argc == 3 && std::strcmp(argv[1], "--size") == 0) std::sscanf(argv[2], "%dx%d", &width, &height);
  RenderOptions options{.composition = ORCHESTRATOR_SOURCE_DIR "/tests/pages/reference_scene.html",
                        .output = "/tmp/orchestrator-memory.mp4",
                        .video = {.width = width, .height = height, .fps = {30, 1}},
                        .overwrite = true};
  std::int64_t peaks[2];
  const std::int64_t lengths[2] = {300, 3000};
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  for (int i = 0; i < 2; ++i) {
    options.frames = {0, lengths[i]};
    peaks[i] = peak_mib(options);
    std::printf("%dx%d, %lld frames: peak %lld MiB (proportional set size of the whole process tree)\n", width, height,
                static_cast<long long>(lengths[i]), static_cast<long long>(peaks[i]));
  }
  std::printf("ratio %.2f\n", static_cast<double>(peaks[1]) / static_cast<double>(peaks[0]));
  fs::remove(options.output);
}
