#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

namespace orchestrator {

/// Whether this coroutine was cancelled. A cancellation ends only the operation that is under way: one that arrives between
/// two operations (or when the first has just completed) leaves no other trace.
inline boost::asio::awaitable<bool> is_cancelled() {
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  co_return state.cancelled() != boost::asio::cancellation_type::none;
}

}  // namespace orchestrator
