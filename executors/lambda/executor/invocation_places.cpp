#include "lambda/executor/invocation_places.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

asio::awaitable<bool> InvocationPlaces::take() {
  bool stopped = co_await is_cancelled();
  while (!stopped && !pace_.may_start(Clock::now())) {
    const auto look_at = pace_.not_before() > Clock::now() ? pace_.not_before() : never();
    if (changed_.expiry() != look_at) changed_.expires_at(look_at);  // wakes those who wait already: they look again
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    stopped = co_await is_cancelled();
  }
  if (stopped) co_return false;
  pace_.started();
  co_return true;
}

/// Wakes those who wait if one of them may start. A change that lets none start does not wake them: they may be a thousand.
void InvocationPlaces::offer() {
  if (pace_.may_start(Clock::now())) wake();
}

void InvocationPlaces::succeeded() {
  pace_.succeeded();
  offer();
}

void InvocationPlaces::failed() {
  pace_.failed();
  offer();
}

void InvocationPlaces::accepted() {
  pace_.accepted();
  offer();
}

std::chrono::milliseconds InvocationPlaces::refused(InvocationPace::Refusal kind, InvocationPace::Time started, double random,
                                                    std::optional<std::chrono::milliseconds> retry_after) {
  const auto held_until = pace_.not_before();
  const auto delay = pace_.refused(kind, started, Clock::now(), random, retry_after);
  if (pace_.not_before() != held_until) wake();  // those who wait for others to end must wait for this time, too
  offer();
  return delay;
}

}  // namespace orchestrator
