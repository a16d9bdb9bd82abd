#pragma once

#include <stop_token>
#include <thread>
#include <vector>

namespace orchestrator {

/// Threads that do nothing, and use all of the time that they get, until this object goes. They are spread over the cores that
/// this process may use and pinned to them, so that no core is left in peace.
class BusyCores {
 public:
  explicit BusyCores(int loops);

 private:
  std::vector<std::jthread> loops_{};  // asked to stop, and joined, by their destructors
};

}  // namespace orchestrator
