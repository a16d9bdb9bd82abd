#include "lambda/executor/concurrency_limit.hpp"

#include <algorithm>

namespace orchestrator {

void ConcurrencyLimit::raise(int by) noexcept {
  limit_ = std::min(most_, limit_ + by);
  successes_ = 0;
}

void ConcurrencyLimit::accepted() noexcept {
  if (exploring_) raise(2);  // its own place and two more: twice as many each round trip
}

void ConcurrencyLimit::succeeded() noexcept {
  --running_;
  constexpr int successes_a_step = 4;  // a quarter more each round
  if (++successes_ >= successes_a_step) raise(1);
}

void ConcurrencyLimit::refused() noexcept {
  --running_;
  successes_ = 0;
  // After a burst the last refusals come when only what runs is left.
  limit_ = std::max(1, std::min(limit_, running_));
  exploring_ = running_ == 0;
}

}  // namespace orchestrator
