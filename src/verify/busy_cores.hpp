#pragma once

#include <stop_token>
#include <thread>
#include <vector>

namespace orchestrator {

/// Threads that do nothing but use all the CPU time that they get, until this object is destroyed. They are spread over the cores
/// that this process may use and pinned to them, so that no core is idle.
class BusyCores {
 public:
  explicit BusyCores(int loops);

 private:
  std::vector<std::jthread> loops_{};  // asked to stop, and joined, by their destructors
};

}  // namespace orchestrator
