#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace orchestrator::tool {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request; a second one ends the process at once (the workers then clean up by
/// themselves). Make it before any other thread, since threads inherit the blocked signals. Where the system gives
/// no thread, signals do what they do to any program, and the work says itself what it lacks.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  std::stop_token token() const { return source_.get_token(); }
  /// The signal that came, or 0.
  int signal() const { return signal_; }

 private:
  void wait_for_signals();
  std::stop_source source_{};
  std::atomic<int> signal_{0};
  std::atomic<bool> over_{false};
  std::thread thread_{};
};

}  // namespace orchestrator::tool
