#pragma once

#include "lambda/aws/retry.hpp"
#include "lambda/executor/concurrency_limit.hpp"

namespace orchestrator {

/// Decides when the next invocation may start: within the service's concurrency, not before the time that the service asked for,
/// and after longer and longer waits while the service takes none at all. Pure: the caller says what time it is.
class InvocationPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Refusal { concurrency, rate };

  explicit InvocationPace(int most) : limit_(most) {}

  bool may_start(Time now) const noexcept { return limit_.may_start() && now >= not_before_; }
  /// No invocation starts before this time.
  Time not_before() const noexcept { return not_before_; }
  int running() const noexcept { return limit_.running(); }
  int limit() const noexcept { return limit_.limit(); }

  void started() noexcept { limit_.started(); }
  void accepted() noexcept;
  void succeeded() noexcept;
  void failed() noexcept { limit_.failed(); }
  /// An invocation that started at `started` was refused. Returns how long its chunk has to wait before it asks again; `random`
  /// is as for aws::back_off.
  std::chrono::milliseconds refused(Refusal kind, Time started, Time now, double random,
                                    std::optional<std::chrono::milliseconds> retry_after) noexcept;

 private:
  ConcurrencyLimit limit_;
  Time not_before_{};
  Time round_ends_{};  ///< refusals of what started before this time belong to the same round
  int rounds_{0};      ///< rounds of refusals since something was last accepted
};

/// The kind of a refusal, from the Reason of a TooManyRequestsException (Lambda API, Invoke, "Errors").
InvocationPace::Refusal refusal_of(std::string_view reason) noexcept;

}  // namespace orchestrator
