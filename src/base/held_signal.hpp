#pragma once

#include <pthread.h>

#include <csignal>
#include <ctime>

namespace orchestrator {

/// Keeps a signal that the kernel sends to the thread whose call caused it from this thread: SIGXFSZ (setrlimit(2),
/// RLIMIT_FSIZE), SIGPIPE (write(2), EPIPE). The program's own handling of signals stays as it is.
class HeldSignal {
 public:
  explicit HeldSignal(int signal) {
    sigemptyset(&signal_);
    sigaddset(&signal_, signal);
    ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~HeldSignal() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignal(const HeldSignal&) = delete;
  HeldSignal& operator=(const HeldSignal&) = delete;

  /// Takes back the signal that a failed call (EFBIG, EPIPE) has raised, which would come as soon as it is let through.
  void take_raised() const {
    const timespec at_once{};
    ::sigtimedwait(&signal_, nullptr, &at_once);
  }

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

}  // namespace orchestrator
