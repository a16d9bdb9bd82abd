#include "worker/lease_guard.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

namespace orchestrator {

namespace {

// Twice what LocalExecutor allows a worker for ending its browser and removing its files.
constexpr std::chrono::seconds grace{5};

void kill_after_end_of(int input_fd) {
  pollfd lease{.fd = input_fd, .events = POLLRDHUP, .revents = 0};
  while (::poll(&lease, 1, -1) < 0 && errno == EINTR) {
  }
  std::this_thread::sleep_for(grace);
  ::kill(::getpid(), SIGKILL);
}

}  // namespace

void guard_lease(int input_fd) { std::thread(kill_after_end_of, input_fd).detach(); }

}  // namespace orchestrator
