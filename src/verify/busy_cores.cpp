#include "verify/busy_cores.hpp"

#include <pthread.h>
#include <sched.h>

#include <cstddef>

namespace orchestrator {

namespace {

/// Numbers of the cores this process may use; none if that is not known.
std::vector<int> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

void pin(std::jthread& thread, int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  // A thread that cannot be pinned keeps a core busy, too.
  static_cast<void>(::pthread_setaffinity_np(thread.native_handle(), sizeof set, &set));
}

void spin(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
  }
}

}  // namespace

BusyCores::BusyCores(int loops) {
  const std::vector<int> cores = usable_cores();
  for (int i = 0; i < loops; ++i) {
    std::jthread& thread = loops_.emplace_back(spin);
    if (!cores.empty()) pin(thread, cores[static_cast<std::size_t>(i) % cores.size()]);
  }
}

}  // namespace orchestrator
