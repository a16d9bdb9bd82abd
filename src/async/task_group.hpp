#pragma once

#include "async/cancelled.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <list>

namespace orchestrator {

/// Coroutines that run beside each other on one strand and can be cancelled together. All of them must have ended before the
/// group is destroyed.
class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::any_io_executor strand)
      : strand_(std::move(strand)), empty_(strand_, boost::asio::steady_timer::time_point::max()) {}

  void spawn(boost::asio::awaitable<void> task) {
    auto signal = signals_.emplace(signals_.end());
    auto ended = [this, signal](const std::exception_ptr& thrown) {
      signals_.erase(signal);
      if (signals_.empty()) empty_.cancel();
      if (thrown) std::rethrow_exception(thrown);  // a defect (or bad_alloc), for whoever runs the loop
    };
    boost::asio::co_spawn(strand_, std::move(task), boost::asio::bind_cancellation_slot(signal->slot(), ended));
  }

  /// Requests every task's cancellation; wait() tells when all have ended.
  void cancel_all() {
    for (auto signal = signals_.begin(); signal != signals_.end();) {
      (signal++)->emit(boost::asio::cancellation_type::terminal);
    }
  }

  /// Waits until every task has ended.
  boost::asio::awaitable<void> wait() {
    boost::system::error_code woken;
    while (!signals_.empty()) {
      co_await empty_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
  }

  /// As wait(), but if the waiting coroutine is cancelled, it cancels the tasks.
  boost::asio::awaitable<void> wait_or_cancel() {
    boost::system::error_code woken;
    for (;;) {
      const bool cancelled = co_await is_cancelled();
      if (cancelled) cancel_all();
      if (signals_.empty()) co_return;
      co_await empty_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
  }

 private:
  boost::asio::any_io_executor strand_;
  boost::asio::steady_timer empty_;  // never expires; cancelled when the last task has ended
  std::list<boost::asio::cancellation_signal> signals_{};
};

}  // namespace orchestrator
