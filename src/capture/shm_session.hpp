#pragma once

#include "capture/browser_session.hpp"
#include "capture/frame_pool.hpp"
#include "capture/screen.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace orchestrator {

/// Reads the picture of a headed Chromium out of its private X server, once Chromium has said that the frame is on the screen
/// (docs/architecture.md, "Capture").
class ShmSession : public BrowserSession {
 public:
  static boost::asio::awaitable<Result<std::unique_ptr<BrowserSession>>> open(const CaptureOptions& options);

  bool lost_screen() const override { return lost_screen_; }
  FrameLayout layout() const override { return FrameLayout::bgr0; }

 protected:
  boost::asio::awaitable<Result<LoadedPage>> load_page(const LoadRequest& request) override;
  boost::asio::awaitable<Result<Frame>> take(std::int64_t frame) override;
  boost::asio::awaitable<Result<void>> approach(std::int64_t frame) override;

 private:
  using Buffer = FramePool::Buffer;
  ShmSession(std::unique_ptr<OpenBrowser> open, std::unique_ptr<FramePool> pool, std::shared_ptr<Screen> screen);

  boost::asio::awaitable<Result<void>> prepare();
  boost::asio::awaitable<Result<void>> show(std::int64_t frame);
  boost::asio::awaitable<Result<void>> draw_once();
  boost::asio::awaitable<Result<void>> draw_from_now_on();
  boost::asio::awaitable<Result<void>> draw_always(bool always);
  boost::asio::awaitable<Result<Frame>> copy(std::int64_t frame, const Buffer& buffer);
  boost::asio::awaitable<Error> explain_wait(Error error);
  boost::asio::awaitable<Error> explain_show(Error error);
  void limit_waiting();

  std::unique_ptr<FramePool> pool_;
  std::shared_ptr<Screen> screen_;
  boost::asio::steady_timer limit_;
  bool is_unsure_{true};       // something from before may still be on its way to the screen
  bool has_surfaces_{false};   // what the last frame shows may not come with the page's commits alone
  bool redrawn_{false};        // by draw_once(), since the last picture was copied
  bool had_rectangle_{false};  // draws_always_ when the last picture was copied
  bool draws_always_{false};   // draw_always(): each commit reaches the screen, even one that changes nothing
  bool lost_screen_{false};
  std::optional<Frame> last_{};
};

}  // namespace orchestrator
