#pragma once

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <optional>
#include <utility>

namespace orchestrator {

/// Events in the order in which they happened, for the one coroutine that acts on them. To be used on one strand.
template <class Event>
class EventQueue {
 public:
  explicit EventQueue(boost::asio::any_io_executor strand) : arrived_(strand, boost::asio::steady_timer::time_point::max()) {}

  void push(Event event) {
    events_.push_back(std::move(event));
    arrived_.cancel();
  }

  /// Waits for the next event. If the waiting coroutine is cancelled, one call returns nothing; later calls return events again.
  boost::asio::awaitable<std::optional<Event>> next() {
    for (;;) {
      const bool cancelled = co_await is_cancelled();
      if (cancelled && !std::exchange(cancel_told_, true)) co_return std::nullopt;
      if (!events_.empty()) break;
      boost::system::error_code woken;
      co_await arrived_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    Event event = std::move(events_.front());
    events_.pop_front();
    co_return event;
  }

 private:
  std::deque<Event> events_{};
  boost::asio::steady_timer arrived_;  // never expires; cancelled when there is an event
  bool cancel_told_{false};
};

}  // namespace orchestrator
