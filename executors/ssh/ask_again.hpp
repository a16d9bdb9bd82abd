#pragma once

#include <algorithm>
#include <chrono>

namespace orchestrator {

/// When to ask a host again that has refused: each refusal in a row doubles the wait. One outage refuses all who had asked before
/// it was known, and counts once. Pure.
class AskAgain {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds first_wait{1};
  static constexpr std::chrono::seconds longest_wait{60};

  /// `asked`: when the host was asked that has refused now.
  void refused(Clock::time_point asked, Clock::time_point now) noexcept {
    if (wait_.count() > 0 && asked < refused_) return;
    refused_ = now;
    wait_ = wait_.count() == 0 ? first_wait : std::min(2 * wait_, longest_wait);
  }
  void accepted() noexcept { wait_ = std::chrono::seconds(0); }
  /// `urgent`: no other host can render, so the shortest wait is enough.
  bool is_due(Clock::time_point now, bool urgent) const noexcept { return now - refused_ >= (urgent ? first_wait : wait_); }

 private:
  Clock::time_point refused_{};
  std::chrono::seconds wait_{0};
};

}  // namespace orchestrator
