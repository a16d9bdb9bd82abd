#include "capture/two_rate_session.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

TwoRateSession::TwoRateSession(std::unique_ptr<BrowserSession> session, CaptureOptions options)
    : session_(std::move(session)), options_(std::move(options)) {}

/// A composition with another URL may not need the limit, so it begins without.
asio::awaitable<Result<LoadedPage>> TwoRateSession::load(LoadRequest request) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation is returned as a value, not thrown
  if (options_.limit_rate && request.url != request_.url) {
    auto reopened = co_await reopen(false);
    if (!reopened) co_return reopened.error();
  }
  request_ = std::move(request);
  auto loaded = co_await session_->load(request_);
  if (loaded || !may_limit_rate()) co_return loaded;
  co_return co_await load_at_limited_rate(loaded.error());
}

asio::awaitable<Result<Frame>> TwoRateSession::capture(std::int64_t frame) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto taken = co_await session_->capture(frame);
  if (taken || !may_limit_rate()) co_return taken;
  auto loaded = co_await load_at_limited_rate(taken.error());
  if (!loaded) co_return loaded.error();
  co_return co_await session_->capture(frame);
}

asio::awaitable<Result<LoadedPage>> TwoRateSession::load_at_limited_rate(Error reason) {
  auto reopened = co_await reopen(true);
  if (!reopened) co_return reopened.error();
  if (options_.log) options_.log(LogLevel::info, "capture: at 60 frames a second at most: " + reason.detail);
  co_return co_await session_->load(request_);
}

asio::awaitable<Result<void>> TwoRateSession::reopen(bool limit_rate) {
  const CaptureCpu used = cpu();
  co_await session_->stop();
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error(Stage::start);
  options_.limit_rate = limit_rate;
  auto opened = co_await ShmSession::open(options_);
  if (!opened) co_return opened.error();
  session_ = std::move(*opened);
  used_before_ = used;
  co_return Result<void>{};
}

CaptureCpu TwoRateSession::cpu() const {
  const CaptureCpu used = session_->cpu();
  return {.browser = used_before_.browser + used.browser, .display = used_before_.display + used.display};
}

}  // namespace orchestrator
