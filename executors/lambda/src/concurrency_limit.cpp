#include "concurrency_limit.hpp"

#include <algorithm>

namespace orchestrator {

void ConcurrencyLimit::succeeded() noexcept {
  --running_;
  constexpr int successes_a_step = 4;  // a quarter more each round
  if (limit_ == most_ || ++successes_ < successes_a_step) return;
  successes_ = 0;
  ++limit_;
}

void ConcurrencyLimit::throttled() noexcept {
  --running_;
  successes_ = 0;
  // After a burst the last refusals come when only what runs is left.
  limit_ = std::max(1, std::min(limit_, running_));
}

}  // namespace orchestrator
