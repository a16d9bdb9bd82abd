#include "lambda/job_supervisor.hpp"

#include "process/cancelled.hpp"

namespace orchestrator::lambda {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds cancel_interval{250};

/// False if it was cancelled instead.
asio::awaitable<bool> sleep(std::chrono::milliseconds time) {
  if (co_await is_cancelled()) co_return false;
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return !cancelled && !co_await is_cancelled();
}

}  // namespace

void JobSupervisor::stop(Error reason) {
  if (reason_ || ended_) return;
  reason_ = std::move(reason);
  watchers_.spawn(insist());
}

/// Again and again: a cancellation may fall between two operations.
asio::awaitable<void> JobSupervisor::insist() {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (bool waiting = true; waiting;) {
    cancel_.emit(asio::cancellation_type::terminal);
    waiting = co_await sleep(cancel_interval);
  }
}

asio::awaitable<void> call_every(std::chrono::milliseconds interval, std::function<void()> beat) {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (;;) {
    const bool waited = co_await sleep(interval);
    if (!waited) co_return;
    beat();
  }
}

asio::awaitable<void> call_at(std::chrono::system_clock::time_point time, std::function<void()> reach) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(time - std::chrono::system_clock::now());
  const bool reached = co_await sleep(std::max(left, std::chrono::milliseconds(0)));
  if (reached) reach();
}

}  // namespace orchestrator::lambda
