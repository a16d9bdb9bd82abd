#include "lambda/executor/invocation_pace.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

const aws::RetryRules rules;

}  // namespace

void InvocationPace::accepted() noexcept {
  rounds_ = 0;
  limit_.accepted();
}

void InvocationPace::succeeded() noexcept {
  rounds_ = 0;
  limit_.succeeded();
}

std::chrono::milliseconds InvocationPace::refused(Refusal kind, Time started, Time now, double random,
                                                  std::optional<std::chrono::milliseconds> retry_after) noexcept {
  if (kind == Refusal::concurrency) limit_.refused();
  if (kind == Refusal::rate) limit_.failed();  // the service would run as many, but starts them more slowly
  const bool nothing_runs = limit_.running() == 0;
  if (started >= round_ends_ && (nothing_runs || kind == Refusal::rate)) {
    ++rounds_;
    round_ends_ = now + aws::back_off(rules, aws::RetryClass::throttled, rounds_, 1.0, std::nullopt);
  }
  const auto delay = aws::back_off(rules, aws::RetryClass::throttled, std::max(1, rounds_), random, retry_after);
  auto hold = std::min(retry_after.value_or(std::chrono::milliseconds(0)), rules.longest_retry_after);
  if (nothing_runs) hold = std::max(hold, delay);  // otherwise it is time to ask again when one that runs has ended
  not_before_ = std::max(not_before_, now + hold);
  return delay;
}

InvocationPace::Refusal refusal_of(std::string_view reason) noexcept {
  return reason.find("RateLimit") == std::string_view::npos ? InvocationPace::Refusal::concurrency
                                                            : InvocationPace::Refusal::rate;
}

}  // namespace orchestrator
