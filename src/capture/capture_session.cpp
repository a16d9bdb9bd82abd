#include "capture/capture_session.hpp"

#include "capture/begin_frame_session.hpp"
#include "capture/browser_session.hpp"
#include "capture/screenshot_session.hpp"
#include "capture/shm_session.hpp"
#include "capture/two_rate_session.hpp"
#include "page/page_error.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

asio::awaitable<Result<std::unique_ptr<BrowserSession>>> open_session(CaptureMode mode, const CaptureOptions& options) {
  switch (mode) {
    case CaptureMode::shm: co_return co_await ShmSession::open(options);
    case CaptureMode::beginframe: co_return co_await BeginFrameSession::open(options);
    case CaptureMode::screenshot:
    case CaptureMode::automatic: break;
  }
  co_return co_await ScreenshotSession::open(options);
}

/// What keeps every browser from working is said once.
void add_reason(std::string& reasons, const std::string& reason) {
  if (reasons.find(reason) == std::string::npos) reasons += (reasons.empty() ? "" : "; ") + reason;
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<CaptureSession>>> CaptureSession::start(CaptureOptions options) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation is returned as a value, not thrown
  std::vector<CaptureMode> modes{options.mode};
  if (options.mode == CaptureMode::automatic) modes = {CaptureMode::beginframe, CaptureMode::screenshot};
  if (options.mode == CaptureMode::automatic && options.without_shm.empty()) modes.insert(modes.begin(), CaptureMode::shm);
  std::string reasons = options.without_shm;
  for (const CaptureMode mode : modes) {
    auto session = co_await open_session(mode, options);
    if (session) {
      if (!reasons.empty()) (*session)->add_reason(reasons);
      if (mode == CaptureMode::shm) co_return std::make_unique<TwoRateSession>(std::move(*session), std::move(options));
      co_return std::unique_ptr<CaptureSession>(std::move(*session));
    }
    Error error = named_timeout(session.error(), Stage::start);
    error.stage = Stage::start;
    add_reason(reasons, error.detail);
    const bool last = mode == modes.back();
    if (last) error.detail = reasons;
    if (last || error.code == Errc::cancelled) co_return error;
  }
  co_return Error{};
}

}  // namespace orchestrator
