#pragma once

namespace orchestrator {

/// How many invocations may be under way. A refusal lowers it to what the service evidently runs, successes raise it again one
/// by one. If it evidently runs nothing of ours, that says little of what it would take: then every acceptance raises it,
/// until a refusal tells. Pure.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(int most) : most_(most), limit_(most) {}

  bool may_start() const noexcept { return running_ < limit_; }
  int limit() const noexcept { return limit_; }
  int running() const noexcept { return running_; }

  void started() noexcept { ++running_; }
  /// It runs now, and has not ended.
  void accepted() noexcept;
  void succeeded() noexcept;
  void failed() noexcept { --running_; }
  /// Not run: the service takes no more than it has.
  void refused() noexcept;

 private:
  void raise(int by) noexcept;

  int most_;
  int limit_;
  int running_{0};
  int successes_{0};  ///< since the limit changed
  bool exploring_{false};
};

}  // namespace orchestrator
