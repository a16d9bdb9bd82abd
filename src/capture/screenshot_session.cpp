#include "capture/screenshot_session.hpp"

#include "cdp/cdp_fields.hpp"

#include <string>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// optimizeForSpeed: the PNG is compressed less; its pixels are the same.
constexpr const char* screenshot_options = R"({"format":"png","optimizeForSpeed":true,"captureBeyondViewport":false})";

}  // namespace

asio::awaitable<Result<std::unique_ptr<BrowserSession>>> ScreenshotSession::open(const CaptureOptions& options) {
  auto open = co_await open_browser(BrowserKind::headless, options);
  if (!open) co_return open.error();
  co_return std::unique_ptr<BrowserSession>(new ScreenshotSession(std::move(*open)));
}

asio::awaitable<Result<LoadedPage>> ScreenshotSession::load_page(const LoadRequest& request) {
  picture_.forget();
  co_return co_await page().load(request);
}

asio::awaitable<Result<Frame>> ScreenshotSession::take(std::int64_t frame) {
  page().begin_frame(frame);
  auto shown = co_await page().finish(page().start_step("seek", frame));
  if (!shown) co_return shown.error();
  auto reply = co_await page().call("Page.captureScreenshot", screenshot_options, page().frame_deadline());
  if (page().failure()) co_return *page().failure();
  if (!reply && reply.error().code == Errc::timed_out) co_return co_await page().frame_timeout("the compositor");
  if (!reply) co_return reply.error();
  if (!picture_.update(cdp_text(*reply, "/data").value_or(""))) {
    co_return Error{.code = Errc::capture_failed, .detail = "Page.captureScreenshot gave no picture"};
  }
  co_return picture_.frame(frame);
}

}  // namespace orchestrator
