#pragma once

#include "capture/browser_session.hpp"
#include "capture/png_picture.hpp"

namespace orchestrator {

/// Page.captureScreenshot for every frame: slow, and works everywhere.
class ScreenshotSession : public BrowserSession {
 public:
  static boost::asio::awaitable<Result<std::unique_ptr<BrowserSession>>> open(const CaptureOptions& options);

  FrameLayout layout() const override { return FrameLayout::png; }

 protected:
  boost::asio::awaitable<Result<LoadedPage>> load_page(const LoadRequest& request) override;
  boost::asio::awaitable<Result<Frame>> take(std::int64_t frame) override;

 private:
  explicit ScreenshotSession(std::unique_ptr<OpenBrowser> open) : BrowserSession(std::move(open), CaptureMode::screenshot) {}
  PngPicture picture_{};
};

}  // namespace orchestrator
