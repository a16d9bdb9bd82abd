#pragma once

#include "async/cancelled.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace orchestrator {

/// Lets so many coroutines and no more be at something at the same time. To be used on one strand.
class Gate {
 public:
  Gate(boost::asio::any_io_executor strand, int places)
      : free_places_(places), freed_(std::move(strand), boost::asio::steady_timer::time_point::max()) {}

  /// Waits for a place, to be given back by leave(). False if this coroutine is cancelled, before or meanwhile: it has none then.
  boost::asio::awaitable<bool> enter() {
    boost::system::error_code woken;
    for (;;) {
      const bool cancelled = co_await is_cancelled();
      if (cancelled) co_return false;
      if (free_places_ > 0) break;
      co_await freed_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    --free_places_;
    co_return true;
  }

  void leave() {
    ++free_places_;
    freed_.cancel();  // wakes all who wait: the first of them gets the place
  }

 private:
  int free_places_;
  boost::asio::steady_timer freed_;  // never expires; cancelled when a place is free
};

}  // namespace orchestrator
