#pragma once

#include <pthread.h>

#include <csignal>
#include <ctime>

namespace orchestrator {

/// Keeps SIGXFSZ (setrlimit(2), RLIMIT_FSIZE) from this thread. It is sent to the thread that makes a file too large, so the
/// program's own handling of signals stays as it is.
class FileSizeSignalHeld {
 public:
  FileSizeSignalHeld() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~FileSizeSignalHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  FileSizeSignalHeld(const FileSizeSignalHeld&) = delete;
  FileSizeSignalHeld& operator=(const FileSizeSignalHeld&) = delete;

  /// Takes back the signal that a failed call (EFBIG) has raised, which would come as soon as it is let through.
  void take_raised() const {
    const timespec at_once{};
    ::sigtimedwait(&signal_, nullptr, &at_once);
  }

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

}  // namespace orchestrator
