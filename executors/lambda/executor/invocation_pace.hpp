#pragma once

#include "lambda/aws/retry.hpp"
#include "lambda/executor/concurrency_limit.hpp"

namespace orchestrator {

/// When the next invocation may start: not beyond the service's concurrency, not before the time it asked for, and the more
/// rarely the longer it takes nothing at all. Pure: the caller says what time it is.
class InvocationPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Refusal { concurrency, rate };

  explicit InvocationPace(int most) : limit_(most) {}

  bool may_start(Time now) const noexcept { return limit_.may_start() && now >= not_before_; }
  /// Nothing starts before.
  Time not_before() const noexcept { return not_before_; }
  int running() const noexcept { return limit_.running(); }
  int limit() const noexcept { return limit_.limit(); }

  void started() noexcept { limit_.started(); }
  void accepted() noexcept;
  void succeeded() noexcept;
  void failed() noexcept { limit_.failed(); }
  /// Of an invocation that started at `started`. How long its chunk is to wait before it asks again; `random` as for
  /// aws::back_off.
  std::chrono::milliseconds refused(Refusal kind, Time started, Time now, double random,
                                    std::optional<std::chrono::milliseconds> retry_after) noexcept;

 private:
  ConcurrencyLimit limit_;
  Time not_before_{};
  Time round_ends_{};  ///< what started before says nothing new
  int rounds_{0};      ///< of refusals, since something was accepted
};

/// By the Reason of a TooManyRequestsException (Lambda API, Invoke, "Errors").
InvocationPace::Refusal refusal_of(std::string_view reason) noexcept;

}  // namespace orchestrator
