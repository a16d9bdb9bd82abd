#pragma once

#include "async/cancelled.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace orchestrator {

/// Waits for `time` and returns true; returns false at once if this coroutine is cancelled, before or meanwhile.
inline boost::asio::awaitable<bool> pause(std::chrono::milliseconds time) {
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return false;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  boost::system::error_code woken;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  co_return !co_await is_cancelled();
}

}  // namespace orchestrator
