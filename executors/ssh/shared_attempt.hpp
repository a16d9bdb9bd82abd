#pragma once

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace orchestrator {

/// Something that several coroutines need done and one of them does, while the others wait. To be used on one strand; must
/// outlive its coroutines.
class SharedAttempt {
 public:
  explicit SharedAttempt(boost::asio::any_io_executor strand) : ended_(strand, boost::asio::steady_timer::time_point::max()) {}

  /// Does `attempt`, or waits for the one under way and returns what came of it, success or error. If the coroutine that does it
  /// is cancelled, one of those who wait does its own. Cancellation: terminal; of one who waits, it touches nothing.
  boost::asio::awaitable<Result<void>> run(boost::asio::awaitable<Result<void>> attempt) {
    while (under_way_) {
      const bool cancelled = co_await is_cancelled();
      if (cancelled) co_return cancelled_error(Stage::start);
      const Outcome seen = under_way_;
      boost::system::error_code woken;
      co_await ended_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
      const bool counts = seen->has_value() && (seen->value() || seen->value().error().code != Errc::cancelled);
      if (counts) co_return seen->value();
    }
    const End end{*this, under_way_ = std::make_shared<std::optional<Result<void>>>()};
    *end.outcome = co_await std::move(attempt);
    co_return end.outcome->value();
  }

 private:
  using Outcome = std::shared_ptr<std::optional<Result<void>>>;

  /// Ends the attempt under way, also if it throws; then it has no outcome, and the next one is made.
  struct End {
    SharedAttempt& attempt;
    Outcome outcome;
    ~End() {
      attempt.under_way_.reset();
      attempt.ended_.cancel();
    }
  };

  boost::asio::steady_timer ended_;  // never expires; cancelled when an attempt has ended
  Outcome under_way_{};              // what comes of it; none while nobody attempts anything
};

}  // namespace orchestrator
