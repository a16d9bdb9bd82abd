#pragma once

#include "capture/frame.hpp"
#include "page/load_request.hpp"

#include <orchestrator/progress.hpp>
#include <orchestrator/render_options.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace orchestrator {

struct CaptureOptions {
  CaptureMode mode{CaptureMode::automatic};
  int width{1920};
  int height{1080};
  std::function<void(LogLevel, std::string_view)> log{};
  /// "MAP" rules for Chromium's --host-resolver-rules: the loopback server of local compositions.
  std::string host_resolver_rules{};
  std::string locale{"en-US"};  ///< the language that servers and pages are told; PageSettings::locale
  bool limit_rate{false};       ///< a window makes at most 60 frames a second, which some pages need
  std::string without_shm{};    ///< why CaptureMode::automatic does not try shm; empty if it does
  bool sandbox{true};           ///< Chromium's own; false where it cannot work and the machine is a sandbox itself
};

struct CaptureCpu {
  std::chrono::microseconds browser{0};  ///< all processes of the browser, since its start
  std::chrono::microseconds display{0};  ///< the X server
};

/// A warm browser that shows one page at a time and hands out its frames. Lives on one strand.
class CaptureSession {
 public:
  /// Finds a way to capture (see CaptureMode) and starts the browser. Errors name what is missing and how to install it.
  static boost::asio::awaitable<Result<std::unique_ptr<CaptureSession>>> start(CaptureOptions options);
  virtual ~CaptureSession() = default;

  virtual FrameLayout layout() const = 0;
  /// Backend and reason: "shm", "beginframe (Xvfb is not installed)".
  virtual std::string description() const = 0;
  /// Chromium's; empty if it is not known.
  virtual std::string browser_version() const = 0;
  /// Loads a page afresh (no state of the previous one survives: storage, cookies, timers) and waits until it is ready.
  virtual boost::asio::awaitable<Result<LoadedPage>> load(LoadRequest request) = 0;
  /// Frames may be asked for in any order; pages with the virtual clock go forward only.
  /// Suspends while all buffers are still held by the encoder.
  virtual boost::asio::awaitable<Result<Frame>> capture(std::int64_t frame) = 0;
  /// Ends the page, so that nothing of it runs on until the next load(). If the page cannot be left, alive() is false afterwards.
  virtual boost::asio::awaitable<void> leave() = 0;
  /// True if the last error was the backend's and not the page's: another backend may be able to render this page.
  virtual bool lost_screen() const { return false; }
  virtual CaptureCpu cpu() const = 0;
  /// False once the browser or the X server is gone, or the page is of no more use; start another session then.
  virtual bool alive() const = 0;
  virtual boost::asio::awaitable<void> stop() = 0;
};

}  // namespace orchestrator
