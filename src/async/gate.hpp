#pragma once

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace orchestrator {

/// Lets so many coroutines and no more be at something at the same time. To be used on one strand.
class Gate {
  struct Leave {
    void operator()(Gate* gate) const { gate->leave(); }
  };

 public:
  /// A place, which is free again when this is destroyed, also by an exception; none if null. The gate must outlive it.
  using Place = std::unique_ptr<Gate, Leave>;

  Gate(boost::asio::any_io_executor strand, int places)
      : free_places_(places), freed_(std::move(strand), boost::asio::steady_timer::time_point::max()) {}

  /// Waits for a place. None if this coroutine is cancelled, before or meanwhile.
  boost::asio::awaitable<Place> enter() {
    boost::system::error_code woken;
    for (;;) {
      const bool cancelled = co_await is_cancelled();
      if (cancelled) co_return Place();
      if (free_places_ > 0) break;
      co_await freed_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    --free_places_;
    co_return Place(this);
  }

  /// So many places more.
  void add(int places) {
    free_places_ += places;
    freed_.cancel();  // wakes all who wait: the first of them get the places
  }

 private:
  void leave() { add(1); }

  int free_places_;
  boost::asio::steady_timer freed_;  // never expires; cancelled when a place is free
};

}  // namespace orchestrator
