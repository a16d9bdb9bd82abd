#pragma once

#include "capture/browser_session.hpp"
#include "capture/png_picture.hpp"

namespace orchestrator {

/// chromium-headless-shell that draws only when HeadlessExperimental.beginFrame says so, and then hands over a PNG.
class BeginFrameSession : public BrowserSession {
 public:
  static boost::asio::awaitable<Result<std::unique_ptr<BrowserSession>>> open(const CaptureOptions& options);

  FrameLayout layout() const override { return FrameLayout::png; }

 protected:
  boost::asio::awaitable<Result<LoadedPage>> load_page(const LoadRequest& request) override;
  boost::asio::awaitable<Result<Frame>> take(std::int64_t frame) override;
  boost::asio::awaitable<Result<void>> approach(std::int64_t frame) override;

 private:
  struct Pump;
  explicit BeginFrameSession(std::unique_ptr<OpenBrowser> open) : BrowserSession(std::move(open), CaptureMode::beginframe) {}

  boost::asio::awaitable<Result<void>> probe(Deadline deadline);
  boost::asio::awaitable<Result<void>> draw(Deadline deadline);
  boost::asio::awaitable<Result<void>> draw_picture(Deadline deadline);
  boost::asio::awaitable<Result<void>> draw_changes(Deadline deadline);
  boost::asio::awaitable<void> pump(std::shared_ptr<Pump> pump);
  std::shared_ptr<Pump> start_pump(boost::asio::any_io_executor executor, Deadline deadline);
  boost::asio::awaitable<void> stop_pump(std::shared_ptr<Pump> pump);

  PngPicture picture_{};
  bool outdated_{false};  // the page was drawn, but no picture of that came
  double tick_ms_{1000};
};

}  // namespace orchestrator
