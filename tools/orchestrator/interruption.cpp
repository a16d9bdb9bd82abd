#include "orchestrator/interruption.hpp"

#include <unistd.h>

#include <csignal>
#include <system_error>

namespace orchestrator::tool {

namespace {

/// Whether SIGHUP is ignored, which nohup(1) does on purpose, so it stays ignored. (SIGINT is also ignored in the background jobs
/// of scripts, but not by this program: whoever sends one by hand does it on purpose.)
bool ignores_hangup() {
  struct sigaction action {};
  return ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR2}) sigaddset(&signals, signal);
  if (!ignores_hangup()) sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

Interruption::Interruption() {
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  try {
    thread_ = std::thread([this] { wait_for_signals(); });
  } catch (const std::system_error&) {
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // they end the program then
  }
}

Interruption::~Interruption() {
  if (!thread_.joinable()) return;
  over_ = true;
  ::pthread_kill(thread_.native_handle(), SIGUSR2);  // wakes the thread, nothing else
  thread_.join();
}

void Interruption::wait_for_signals() {
  const sigset_t signals = watched_signals();
  for (;;) {
    int signal = 0;
    if (::sigwait(&signals, &signal) != 0 || over_) return;
    if (signal == SIGUSR2) continue;
    if (signal_ != 0) ::_exit(128 + signal);
    signal_ = signal;
    source_.request_stop();
  }
}

}  // namespace orchestrator::tool
