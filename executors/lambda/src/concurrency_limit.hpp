#pragma once

namespace orchestrator {

/// How many invocations may be under way. A refusal lowers it to what the service evidently runs, successes raise it again one
/// by one: back-pressure instead of failures. Pure.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(int most) : most_(most), limit_(most) {}

  bool may_start() const noexcept { return running_ < limit_; }
  int limit() const noexcept { return limit_; }
  int running() const noexcept { return running_; }

  void started() noexcept { ++running_; }
  void succeeded() noexcept;
  void failed() noexcept { --running_; }
  /// Not run: the service takes no more than it has.
  void throttled() noexcept;

 private:
  int most_;
  int limit_;
  int running_{0};
  int successes_{0};  ///< since the limit changed
};

}  // namespace orchestrator
