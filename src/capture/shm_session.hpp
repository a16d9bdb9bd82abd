#pragma once

#include "capture/browser_session.hpp"
#include "capture/frame_pool.hpp"
#include "capture/screen.hpp"
#include "capture/stamp.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace orchestrator {

/// Reads the picture of a headed Chromium out of its private X server (docs/architecture.md, "Capture").
///
/// A frame: the page shows it with stamp A on top; once A is on the screen the whole picture is copied while the page swaps
/// A for B; once B is there, the pixels that A had covered are copied from the screen.
class ShmSession : public BrowserSession {
 public:
  static boost::asio::awaitable<Result<std::unique_ptr<BrowserSession>>> open(const CaptureOptions& options);

  FrameLayout layout() const override { return FrameLayout::bgr0; }

 protected:
  boost::asio::awaitable<Result<LoadedPage>> load_page(const LoadRequest& request) override;
  boost::asio::awaitable<Result<Frame>> take(std::int64_t frame) override;

 private:
  using Buffer = FramePool::Buffer;
  ShmSession(std::unique_ptr<OpenBrowser> open, std::unique_ptr<FramePool> pool, std::shared_ptr<Screen> screen, int width);

  enum class Picture { with_a, with_b, with_neither };  // which stamp a copy shows

  /// Nothing if the copy showed neither stamp; the frame must then be shown again.
  boost::asio::awaitable<Result<std::optional<Frame>>> try_take(std::int64_t frame, const Buffer& buffer);
  /// Copies the picture, if there is a new one, while the page swaps the stamps.
  boost::asio::awaitable<Result<Picture>> copy_and_swap(const Buffer& buffer, std::uint32_t colour, bool copying);
  boost::asio::awaitable<Result<Screen::Corner>> wait_for_stamp(int x, std::uint32_t colour);
  boost::asio::awaitable<Result<void>> wait_for_drawing();
  boost::asio::awaitable<Error> explain_wait(Error error);
  Frame new_frame(std::int64_t frame, const Buffer& buffer, const Screen::Corner& corner);
  Frame same_frame(std::int64_t frame, const Buffer& buffer, const Screen::Corner& corner);
  void limit_waiting();

  std::unique_ptr<FramePool> pool_;
  std::shared_ptr<Screen> screen_;
  boost::asio::steady_timer limit_;
  int width_;
  StampColours colours_{};
  bool beyond_{true};  // something other than the stamps was drawn since the last copy
  std::optional<Frame> last_{};
  Screen::Corner last_corner_{};  // the last frame's own pixels under both stamps
};

}  // namespace orchestrator
