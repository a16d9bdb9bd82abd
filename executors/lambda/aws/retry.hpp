#pragma once

#include "lambda/aws/http_failure.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace orchestrator::aws {

/// What may be done about a request that failed.
enum class RetryClass {
  permanent,   ///< it will fail again
  transient,   ///< a fault on the way or at the service; it may have been acted upon
  throttled,   ///< too much at once: not acted upon, try later and with less
  clock_skew,  ///< this machine's clock may differ from the service's: sign again with the service's time
};

/// By status and AWS's name for the error ("ThrottlingException", "SlowDown"), which may be empty. 2xx is not asked for.
RetryClass classify(int status, std::string_view aws_error);
RetryClass classify(HttpFailure::Kind failure);

/// The value of Retry-After in seconds (RFC 9110, 10.2.3); dates are not read.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view header);

/// AWS SDKs' "standard" retry mode as of 2026 (@smithy/util-retry), but more patient: they try three times in a tenth of a
/// second, for programs that are asked again by somebody; an outage of a few seconds should not end a render of an hour.
struct RetryRules {
  int attempts{4};  ///< for transient faults, the first one included
  /// Throttling is back-pressure, no failure: tried until the caller cancels. False: it comes back at once.
  bool waits_out_throttling{true};
  std::chrono::milliseconds base{500};
  std::chrono::milliseconds throttled_base{1000};
  std::chrono::milliseconds longest{20'000};
  std::chrono::milliseconds longest_retry_after{60'000};  ///< a service that asks for more is asked again then
};

/// Before retry number `retry` (the first is 1): full jitter, random * min(base * 2^(retry-1), longest) with 0 <= random < 1,
/// or what Retry-After asks for where that is longer.
std::chrono::milliseconds back_off(const RetryRules& rules, RetryClass what, int retry, double random,
                                   std::optional<std::chrono::milliseconds> retry_after);

/// What all requests of a render may spend on retries of faults together, so that an outage is not answered by three times the
/// requests. Throttled requests are held back already, by their back-off, and take nothing.
class RetryBudget {
 public:
  static constexpr int standard_capacity = 500, retry_cost = 14;  // AWS SDKs' figures, for one client
  explicit RetryBudget(int capacity = standard_capacity) : capacity_(capacity), tokens_(capacity) {}
  /// False: no retry now. Otherwise the cost has been taken.
  bool take();
  /// A request succeeded. If it took a retry, the last one's cost comes back.
  void succeeded(bool retried);
  int tokens() const { return tokens_; }

 private:
  int capacity_;
  int tokens_;
};

/// One request's attempts: tell it what happened, it says what to do.
class RetryState {
 public:
  RetryState(RetryRules rules, RetryBudget& budget) : rules_(rules), budget_(&budget) {}
  /// How long to wait before the next attempt; nothing: give up.
  std::optional<std::chrono::milliseconds> failed(RetryClass what, double random,
                                                  std::optional<std::chrono::milliseconds> retry_after);
  void succeeded() { budget_->succeeded(retried_); }

 private:
  RetryRules rules_;
  RetryBudget* budget_;
  int faults_{0};
  int throttles_{0};
  bool retried_{false};  // a fault, at the budget's cost
};

}  // namespace orchestrator::aws
