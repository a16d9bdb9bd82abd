#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

asio::awaitable<bool> v0::is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

Error v0::cancelled_error(Stage stage, std::string detail) {
  return Error{.code = Errc::cancelled, .detail = std::move(detail), .stage = stage};
}

asio::awaitable<bool> v0::pause(std::chrono::milliseconds time) {
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return false;
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  co_return !co_await is_cancelled();
}

}  // namespace orchestrator
