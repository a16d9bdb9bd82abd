#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

namespace orchestrator::test {

/// Runs `work` as the library runs all its coroutines: a cancellation is a value, not an exception.
template <class T>
boost::asio::awaitable<T> without_throwing(boost::asio::awaitable<T> work) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_return co_await std::move(work);
}

/// Waits for the cancellation, then runs `work`, which must notice that it was cancelled before it began.
template <class T>
boost::asio::awaitable<T> once_cancelled(boost::asio::awaitable<T> work) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::minutes(1));
  boost::system::error_code cancelled;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  co_return co_await std::move(work);
}

/// Runs one coroutine to its end and cancels it after `delay`, or after as many of them as it takes until `is_time`. An
/// exception, or no end within a minute, is thrown.
template <class T>
T await_cancelled(
    boost::asio::io_context& context, boost::asio::awaitable<T> work, std::chrono::milliseconds delay,
    const std::function<bool()>& is_time = [] { return true; }) {
  boost::asio::cancellation_signal cancel;
  boost::asio::steady_timer timer(context, delay);
  std::function<void(boost::system::error_code)> look = [&](boost::system::error_code ended) {
    if (ended) return;
    if (is_time()) return cancel.emit(boost::asio::cancellation_type::terminal);
    timer.expires_after(delay);
    timer.async_wait(look);
  };
  timer.async_wait(look);
  std::optional<T> result;
  std::exception_ptr thrown;
  auto done = [&](std::exception_ptr error, T value) {
    thrown = error;
    result.emplace(std::move(value));
    context.stop();
  };
  boost::asio::co_spawn(context, without_throwing(std::move(work)), boost::asio::bind_cancellation_slot(cancel.slot(), done));
  context.restart();
  context.run_for(std::chrono::minutes(1));
  if (thrown) std::rethrow_exception(thrown);
  if (!result) throw std::runtime_error("a cancelled coroutine did not end within a minute");
  return std::move(*result);
}

}  // namespace orchestrator::test
