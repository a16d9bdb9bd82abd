#include "lambda/function/job_supervisor.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

namespace orchestrator::lambda {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds cancel_interval{250};

}  // namespace

void JobSupervisor::stop(Error reason) {
  if (reason_ || ended_) return;
  reason_ = std::move(reason);
  watchers_.spawn(insist());
}

/// Cancels the job again and again: a cancellation that falls between two operations has no effect.
asio::awaitable<void> JobSupervisor::insist() {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (bool waiting = true; waiting;) {
    cancel_.emit(asio::cancellation_type::terminal);
    waiting = co_await pause(cancel_interval);
  }
}

asio::awaitable<void> call_every(std::chrono::milliseconds interval, std::function<void()> beat) {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (;;) {
    const bool waited = co_await pause(interval);
    if (!waited) co_return;
    beat();
  }
}

asio::awaitable<void> call_at(std::chrono::system_clock::time_point time, std::function<void()> reach) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(time - std::chrono::system_clock::now());
  const bool reached = co_await pause(std::max(left, std::chrono::milliseconds(0)));
  if (reached) reach();
}

}  // namespace orchestrator::lambda
