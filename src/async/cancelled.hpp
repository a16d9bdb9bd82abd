#pragma once

#include <orchestrator/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <string>
#include <utility>

namespace orchestrator {

/// Whether this coroutine was cancelled. To be asked between operations, because a cancellation ends only the operation that is
/// under way: one that arrives between two operations (or when the first has just completed) leaves no other trace.
inline boost::asio::awaitable<bool> is_cancelled() {
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  co_return state.cancelled() != boost::asio::cancellation_type::none;
}

/// The error that a cancelled step ends with.
inline Error cancelled_error(Stage stage = Stage::capture, std::string detail = "cancelled") {
  return Error{.code = Errc::cancelled, .detail = std::move(detail), .stage = stage};
}

}  // namespace orchestrator
