// Ends cancelled renders and removes the objects of renders.
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
// The few requests that remove a cancelled render's objects may hold up the end of a process this long.
constexpr std::chrono::seconds removal_limit{10};

}  // namespace

void LambdaRenders::stop(const SharedRender& render) {
  if (std::exchange(render->stopped, true)) return;
  places_.wake();
  chores_.spawn(clear_up(render));
}

asio::awaitable<void> LambdaRenders::clear_up(SharedRender render) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (render->objects.began() && render->chunks + render->unheard > 0) tell(co_await render->objects.put_marker());
  const auto marked = Clock::now();
  for (bool told = false; render->chunks > 0;) {
    render->idle.expires_after(told ? std::chrono::hours(1) : before_telling);
    boost::system::error_code ended;
    co_await render->idle.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (!ended && !std::exchange(told, true)) {
      tell(LogLevel::warning, "cancelled: waiting for " + std::to_string(render->chunks) + " function(s) to end");
    }
  }
  if (render->unheard > 0) co_await pause(std::chrono::ceil<std::chrono::milliseconds>(marked + marker_time - Clock::now()));
  // A function that had not begun may still begin, and then has to find the marker.
  if (render->objects.began()) tell(co_await render->objects.remove_all(render->unstarted));
  renders_.erase(render->objects.render());
}

asio::awaitable<void> LambdaRenders::remove_chunk(SharedRender render, int chunk, ChunkKeys keys) {
  co_await asio::this_coro::throw_if_cancelled(false);
  tell(co_await render->objects.remove(std::move(keys)));
  render->removing.erase(chunk);
}

asio::awaitable<void> LambdaRenders::end() {
  const auto left = renders_;
  for (const auto& [id, render] : left) {
    if (render->unheard > 0) stop(render);
  }
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
