#pragma once

#include "lambda/aws/http_failure.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace orchestrator::aws {

/// What may be done about a request that failed.
enum class RetryClass {
  permanent,   ///< it will fail again
  transient,   ///< a fault on the way or at the service; the request may have been acted upon
  throttled,   ///< too many requests at once: not acted upon, try later and with fewer
  clock_skew,  ///< this machine's clock may differ from the service's: sign again with the service's time
};

/// Classifies a failure by its HTTP status (0: none) and AWS's name for it ("ThrottlingException", "SlowDown"; may be empty).
RetryClass classify(int status, std::string_view aws_error);
RetryClass classify(HttpFailure::Kind failure);

/// The value of Retry-After in seconds (RFC 9110, 10.2.3); dates are not read.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view header);

/// The AWS SDKs' "standard" retry mode as of 2026 (@smithy/util-retry), but more patient. The SDKs try three times in a tenth of
/// a second, for programs that somebody calls again; an outage of a few seconds should not end a render of an hour.
struct RetryRules {
  int attempts{4};  ///< for transient faults, the first one included
  /// Throttling is back-pressure, not a failure: the request is tried until the caller cancels. False: it fails at once.
  bool waits_out_throttling{true};
  std::chrono::milliseconds base{500};
  std::chrono::milliseconds throttled_base{1000};
  std::chrono::milliseconds longest{20'000};
  std::chrono::milliseconds longest_retry_after{60'000};  ///< a service that asks for a longer wait is asked again after this
};

/// The wait before retry number `retry` (the first is 1): full jitter, random * min(base * 2^(retry-1), longest) with
/// 0 <= random < 1, or what Retry-After asks for where that is longer.
std::chrono::milliseconds back_off(const RetryRules& rules, RetryClass what, int retry, double random,
                                   std::optional<std::chrono::milliseconds> retry_after);

/// What all requests of a render together may spend on retries of faults, so that an outage does not multiply the requests.
/// Throttled requests take nothing from it: their back-off holds them back already.
class RetryBudget {
 public:
  static constexpr int standard_capacity = 500, retry_cost = 14;  // AWS SDKs' figures, for one client
  explicit RetryBudget(int capacity = standard_capacity) : capacity_(capacity), tokens_(capacity) {}
  /// Takes the cost of a retry. False: too little is left, do not retry.
  bool take();
  /// Call it when a request succeeded. If the request was retried, the cost of its last retry comes back.
  void succeeded(bool retried);
  int tokens() const { return tokens_; }

 private:
  int capacity_;
  int tokens_;
};

/// Counts one request's failures and decides whether to try again.
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
  bool retried_{false};  // the budget has paid for a retry
};

}  // namespace orchestrator::aws
