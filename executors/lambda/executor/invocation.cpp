#include "lambda/executor/invocation.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

void Invocation::start(Mode mode, aws::LambdaInvocation invocation, std::function<void()> on_accepted) {
  on_accepted_ = std::move(on_accepted);
  auto done = [self = shared_from_this()](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(ended_.get_executor(), run(mode, std::move(invocation)), asio::bind_cancellation_slot(cancel_.slot(), done));
}

asio::awaitable<void> Invocation::run(Mode mode, aws::LambdaInvocation invocation) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (mode == Mode::streaming) {
    auto listen = [self = shared_from_this()](std::string_view bytes) { self->take(bytes); };
    service_ = co_await client_.invoke_streaming(std::move(invocation), std::move(listen));
  } else {
    auto whole = co_await client_.invoke(std::move(invocation));
    if (whole) answer_.feed(*whole);
    if (whole) service_ = aws::AwsResult<void>{};
    if (!whole) service_ = whole.error();
  }
  ended_.cancel();
}

void Invocation::take(std::string_view bytes) {
  if (!std::exchange(accepted_, true)) on_accepted_();
  answer_.feed(bytes);
}

asio::awaitable<bool> Invocation::wait(std::chrono::steady_clock::time_point limit) {
  const auto self = shared_from_this();
  ended_.expires_at(limit);
  if (!service_) {
    boost::system::error_code woken;
    co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  co_return service_.has_value();
}

}  // namespace orchestrator
