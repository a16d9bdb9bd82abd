#pragma once

namespace orchestrator {

/// How many invocations may be under way. Throttling halves it, success raises it again one by one (additive increase,
/// multiplicative decrease, as in RFC 5681): back-pressure instead of failures. Pure.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(int most) : most_(most), limit_(most) {}

  bool may_start() const noexcept { return running_ < limit_; }
  int limit() const noexcept { return limit_; }
  int running() const noexcept { return running_; }

  void started() noexcept { ++running_; }
  void succeeded() noexcept;
  void failed() noexcept { --running_; }
  /// Not run: the service takes no more than it has. A burst of refusals counts once, until something succeeds.
  void throttled() noexcept;

 private:
  int most_;
  int limit_;
  int running_{0};
  int successes_{0};     ///< since the limit changed
  bool lowered_{false};  ///< and nothing has succeeded since
};

}  // namespace orchestrator
