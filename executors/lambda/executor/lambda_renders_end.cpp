// Ends the functions of attempts that have ended, and removes their objects.
#include "lambda/executor/lambda_renders.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// A function whose connection was lost sees the cancel marker within this time: it looks every second, and a request takes a
// while.
constexpr std::chrono::seconds marker_time{3};
constexpr std::chrono::milliseconds before_telling{1'500};
// The requests that remove a cancelled render's objects, one for each chunk under way, may hold up the end of a process this
// long.
constexpr std::chrono::seconds removal_limit{10};

}  // namespace

void LambdaRenders::finish(const SharedRender& render, const SharedAttempt& attempt) {
  if (!std::exchange(attempt->finished, true)) chores_.spawn(clear_up(render, attempt));
}

asio::awaitable<void> LambdaRenders::clear_up(SharedRender render, SharedAttempt attempt) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (attempt->under_way || attempt->unheard > 0) tell(co_await attempt->objects.put_marker());
  const auto marked = Clock::now();
  co_await wait_for_functions(render, attempt);
  if (attempt->unheard > 0) co_await pause(std::chrono::ceil<std::chrono::milliseconds>(marked + marker_time - Clock::now()));
  // A function that had not begun may still begin, and then has to find the marker.
  tell(co_await attempt->objects.remove(attempt->unstarted));
}

asio::awaitable<void> LambdaRenders::wait_for_functions(SharedRender render, SharedAttempt attempt) {
  ++render->stopping;
  while (attempt->under_way) {
    attempt->ended.expires_after(before_telling);
    boost::system::error_code ended;
    co_await attempt->ended.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended || std::exchange(render->told_stopping, true)) continue;
    tell(LogLevel::warning, "cancelled: waiting for " + std::to_string(render->stopping) + " function(s) to end");
  }
  --render->stopping;
}

asio::awaitable<void> LambdaRenders::end() {
  asio::steady_timer limit(loop_, removal_limit);
  limit.async_wait([this](boost::system::error_code too_early) {
    if (!too_early) chores_.cancel_all();
  });
  co_await chores_.wait();
}

void LambdaRenders::tell(const Result<void>& done) {
  if (!done) tell(LogLevel::warning, done.error().detail + "; what stays in the bucket has to be removed by its lifecycle rule");
}

/// What the user's callback throws must not end what tells it: a removal under way, or an answer's way through libcurl.
void LambdaRenders::tell(LogLevel level, const std::string& text) noexcept {
  try {
    if (options_.on_log) options_.on_log(level, text);
  } catch (...) {
  }
}

}  // namespace orchestrator
