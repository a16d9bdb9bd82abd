#pragma once

#include "base/exception_text.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

namespace orchestrator {

/// Awaits a call of an executor. Executors are the user's code: what one throws becomes `threw`, with what was thrown behind its
/// text, or `cancelled` if this coroutine is, because a cancellation is an exception unless code asks for a value.
template <class T>
boost::asio::awaitable<Result<T>> executor_call(boost::asio::awaitable<Result<T>> call, Error threw, Error cancelled) {
  try {
    auto result = co_await std::move(call);
    co_return result;
  } catch (...) {
    threw.detail += ": " + exception_text(std::current_exception());
  }
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  const bool was_cancelled = co_await is_cancelled();
  if (was_cancelled) co_return cancelled;
  co_return threw;
}

}  // namespace orchestrator
