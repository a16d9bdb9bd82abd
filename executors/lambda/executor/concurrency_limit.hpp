#pragma once

namespace orchestrator {

/// How many invocations may be under way. A refusal lowers the limit to what the service is running, successes raise it again by
/// ones. If the service is running nothing of ours, that says little about what it would take: then every acceptance raises the
/// limit, until a refusal shows where it is. Pure.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(int most) : most_(most), limit_(most) {}

  bool may_start() const noexcept { return running_ < limit_; }
  int limit() const noexcept { return limit_; }
  int running() const noexcept { return running_; }

  void started() noexcept { ++running_; }
  /// The service has taken an invocation, which still runs.
  void accepted() noexcept;
  void succeeded() noexcept;
  void failed() noexcept { --running_; }
  /// The service did not run an invocation, because it takes no more.
  void refused() noexcept;

 private:
  void raise(int by) noexcept;

  int most_;
  int limit_;
  int running_{0};
  int successes_{0};  ///< since the limit was last raised or lowered
  bool exploring_{false};
};

}  // namespace orchestrator
