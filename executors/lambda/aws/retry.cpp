#include "lambda/aws/retry.hpp"

#include "base/parse_number.hpp"

#include <algorithm>
#include <array>

namespace orchestrator::aws {

namespace {

using std::chrono::milliseconds;

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// @smithy/service-error-classification, constants.ts: THROTTLING_ERROR_CODES.
constexpr std::array<std::string_view, 14> throttling{"BandwidthLimitExceeded",
                                                      "EC2ThrottledException",
                                                      "LimitExceededException",
                                                      "PriorRequestNotComplete",
                                                      "ProvisionedThroughputExceededException",
                                                      "RequestLimitExceeded",
                                                      "RequestThrottled",
                                                      "RequestThrottledException",
                                                      "SlowDown",
                                                      "ThrottledException",
                                                      "Throttling",
                                                      "ThrottlingException",
                                                      "TooManyRequestsException",
                                                      "TransactionInProgressException"};
// The same file: CLOCK_SKEW_ERROR_CODES.
constexpr std::array<std::string_view, 6> skew{"AuthFailure",        "InvalidSignatureException", "RequestExpired",
                                               "RequestInTheFuture", "RequestTimeTooSkewed",      "SignatureDoesNotMatch"};
// Faults that pass: S3's timeouts, conditional writes of one key at the same time, a function that is being updated or restored.
constexpr std::array<std::string_view, 8> passing{"RequestTimeout",
                                                  "RequestTimeoutException",
                                                  "InternalError",
                                                  "ConditionalRequestConflict",
                                                  "OperationAborted",
                                                  "ResourceConflictException",
                                                  "SnapStartNotReadyException",
                                                  "ResourceNotReadyException"};

}  // namespace

RetryClass classify(int status, std::string_view aws_error) {
  if (status == 429 || is_among(throttling, aws_error)) return RetryClass::throttled;
  if (is_among(skew, aws_error)) return RetryClass::clock_skew;
  const bool fault = status == 500 || status == 502 || status == 503 || status == 504;
  return fault || is_among(passing, aws_error) ? RetryClass::transient : RetryClass::permanent;
}

RetryClass classify(HttpFailure::Kind failure) {
  switch (failure) {
    case HttpFailure::Kind::unreachable:
    case HttpFailure::Kind::silent:
    case HttpFailure::Kind::interrupted: return RetryClass::transient;
    case HttpFailure::Kind::refused:
    case HttpFailure::Kind::untrusted:
    case HttpFailure::Kind::too_large:
    case HttpFailure::Kind::stopped:
    case HttpFailure::Kind::cancelled: return RetryClass::permanent;
  }
  return RetryClass::permanent;
}

std::optional<milliseconds> parse_retry_after(std::string_view header) {
  const auto seconds = parse_number<int>(header);
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

milliseconds back_off(const RetryRules& rules, RetryClass what, int retry, double random,
                      std::optional<milliseconds> retry_after) {
  const milliseconds base = what == RetryClass::throttled ? rules.throttled_base : rules.base;
  const milliseconds ceiling = std::min(base * (std::int64_t{1} << std::clamp(retry - 1, 0, 30)), rules.longest);
  const milliseconds delay(static_cast<std::int64_t>(random * static_cast<double>(ceiling.count())));
  return std::max(delay, std::min(retry_after.value_or(delay), rules.longest_retry_after));
}

bool RetryBudget::take() {
  if (tokens_ < retry_cost) return false;
  tokens_ -= retry_cost;
  return true;
}

void RetryBudget::succeeded(bool retried) { tokens_ = std::min(tokens_ + (retried ? retry_cost : 1), capacity_); }

std::optional<milliseconds> RetryState::failed(RetryClass what, double random, std::optional<milliseconds> retry_after) {
  if (what == RetryClass::permanent) return std::nullopt;
  if (what == RetryClass::throttled) {
    if (!rules_.waits_out_throttling) return std::nullopt;
    return back_off(rules_, what, ++throttles_, random, retry_after);
  }
  if (++faults_ >= rules_.attempts || !budget_->take()) return std::nullopt;
  retried_ = true;
  return back_off(rules_, what, faults_, random, retry_after);
}

}  // namespace orchestrator::aws
