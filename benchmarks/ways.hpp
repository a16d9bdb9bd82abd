#pragma once

#include "program.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Several ways to do one thing, measured by turns.
namespace orchestrator::program {

/// User + system time of this process and of the children it has waited for.
inline double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval time : {usage.ru_utime, usage.ru_stime})
      sum += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  }
  return sum;
}

struct Way {
  std::string name;
  std::function<double()> run;  ///< does it once and returns the seconds that count
  std::vector<double> seconds{};
  std::vector<double> cpu{};
};

/// Once, with the CPU time of all processes that took part and ended.
inline void measure(Way& way) {
  const double before = cpu_seconds();
  way.seconds.push_back(way.run());
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
  way.cpu.push_back(cpu_seconds() - before);
}

/// Where the command line lies that this build has made.
inline std::string tool_folder() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../bin").lexically_normal();
}

struct Measuring {
  int frames{0};
  int rounds{3};
};

/// Reads `--frames N` and `--rounds N`, and has executors use this build's worker.
inline Measuring begin_measuring(int argc, char** argv, Measuring measuring) {
  ::signal(SIGPIPE, SIG_IGN);
  ::setenv("ORCHESTRATOR_WORKER", (tool_folder() + "/orchestrator").c_str(), 0);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option != "--frames" && option != "--rounds") give_up("unknown option " + std::string(option));
    (option == "--frames" ? measuring.frames : measuring.rounds) = std::max(1, std::atoi(argv[i + 1]));
  }
  return measuring;
}

/// Of the ratios round by round, because the machine may be slower in one round than in another.
inline double median_ratio(const std::vector<double>& times, const std::vector<double>& local) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < times.size(); ++i) ratios.push_back(times[i] / local[i]);
  std::sort(ratios.begin(), ratios.end());
  const std::size_t middle = ratios.size() / 2;
  return ratios.size() % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
}

/// Prints wall and CPU time of each round, and the medians, as ratios to the first way's.
inline void compare(std::vector<Way> ways, int rounds) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans become children, so that their time is counted, too
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < ways.size(); ++i) {  // each round begins with another one
      measure(ways[(i + static_cast<std::size_t>(round)) % ways.size()]);
    }
    for (const Way& way : ways) {
      std::printf("round %d, %-7s  %6.2f s, CPU %6.2f s: wall x %.3f, CPU x %.3f\n", round + 1, way.name.c_str(),
                  way.seconds.back(), way.cpu.back(), way.seconds.back() / ways[0].seconds.back(),
                  way.cpu.back() / ways[0].cpu.back());
    }
    std::fflush(stdout);
  }
  for (const Way& way : ways) {
    std::printf("median,  %-7s  wall x %.3f, CPU x %.3f\n", way.name.c_str(), median_ratio(way.seconds, ways[0].seconds),
                median_ratio(way.cpu, ways[0].cpu));
  }
}

}  // namespace orchestrator::program
