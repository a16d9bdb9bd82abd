#include "lambda/executor/concurrency_limit.hpp"

#include <algorithm>

namespace orchestrator {

void ConcurrencyLimit::raise(int by) noexcept {
  limit_ = std::min(most_, limit_ + by);
  successes_ = 0;
}

void ConcurrencyLimit::accepted() noexcept {
  if (exploring_) raise(2);  // each acceptance lets two more start: twice as many each round trip
}

void ConcurrencyLimit::succeeded() noexcept {
  --running_;
  constexpr int successes_a_step = 4;  // the limit grows by a quarter with each round of chunks
  if (++successes_ >= successes_a_step) raise(1);
}

void ConcurrencyLimit::refused() noexcept {
  --running_;
  successes_ = 0;
  // When the last refusal of a burst comes, `running_` counts only what the service really runs.
  limit_ = std::max(1, std::min(limit_, running_));
  exploring_ = running_ == 0;
}

}  // namespace orchestrator
