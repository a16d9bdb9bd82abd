#pragma once

#include <chrono>
#include <thread>

namespace orchestrator::test {

/// Whether `condition` comes true within `limit`, looked at every few milliseconds. For what other processes do.
template <class Condition>
bool in_time(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(5)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace orchestrator::test
