#pragma once

#include "render/executor_call.hpp"

#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace orchestrator {

/// When a render began, and how long it may take (timeouts.total); 0: any time.
struct RenderTime {
  std::chrono::steady_clock::time_point start{};
  std::chrono::milliseconds limit{0};
};

/// What a limited_call() is told as when it fails.
struct CallWords {
  std::string threw{};      ///< "the executor threw while it was prepared"
  std::string cancelled{};  ///< "cancelled before it started"
  std::string late{};       ///< "the executor was not ready yet"
};

namespace detail {

template <class T>
struct LimitedCall {
  boost::asio::steady_timer limit;
  CallWords words;
  std::optional<Result<T>> outcome{};
  bool late{false};
  TaskGroup tasks;  // the last member, because its coroutines use all others
};

template <class T>
boost::asio::awaitable<void> make_call(LimitedCall<T>& limited, boost::asio::awaitable<Result<T>> call) {
  Error threw{.code = Errc::internal, .detail = limited.words.threw, .stage = Stage::start};
  Error cancelled = cancelled_error(Stage::start, limited.words.cancelled);
  limited.outcome = co_await executor_call(std::move(call), std::move(threw), std::move(cancelled));
  limited.limit.cancel();
}

template <class T>
boost::asio::awaitable<void> watch_call(LimitedCall<T>& limited) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  boost::system::error_code ended;
  co_await limited.limit.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  if (ended || limited.outcome) co_return;
  limited.late = true;
  limited.tasks.cancel_all();
}

}  // namespace detail

/// Awaits a call of an executor before the render has a run. Executors are the user's code: what they throw becomes an error, and
/// one that hangs is cancelled when the render's time is over. To be awaited on the render's strand.
template <class T>
boost::asio::awaitable<Result<T>> limited_call(boost::asio::awaitable<Result<T>> call, RenderTime time, CallWords words) {
  using boost::asio::steady_timer;
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  const boost::asio::any_io_executor strand = co_await boost::asio::this_coro::executor;
  const auto end = time.limit.count() > 0 ? time.start + time.limit : steady_timer::time_point::max();
  detail::LimitedCall<T> limited{.limit = steady_timer(strand, end), .words = std::move(words), .tasks = TaskGroup(strand)};
  limited.tasks.spawn(detail::watch_call(limited));
  limited.tasks.spawn(detail::make_call(limited, std::move(call)));
  co_await limited.tasks.wait_or_cancel();
  if (!limited.late || *limited.outcome) co_return std::move(*limited.outcome);
  co_return Error{
      .code = Errc::timed_out,
      .detail = "not done after " + std::to_string(time.limit.count()) + " ms (timeouts.total): " + limited.words.late,
      .stage = Stage::start};
}

}  // namespace orchestrator
