#pragma once

#include "capture/browser.hpp"
#include "capture/capture_session.hpp"
#include "capture/display.hpp"
#include "page/page.hpp"

#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace orchestrator {

/// A browser with one page, and what these two need. Members are destroyed in the order that this requires: the page first.
struct OpenBrowser {
  GuardedDir scratch;
  std::unique_ptr<Display> display{};  // shm only
  std::unique_ptr<Browser> browser{};
  std::unique_ptr<Page> page{};

  /// Ends all processes, and then removes the directory that they write to.
  boost::asio::awaitable<void> stop();
};

/// Starts `kind` of browser for `options` and attaches to its page.
boost::asio::awaitable<Result<std::unique_ptr<OpenBrowser>>> open_browser(BrowserKind kind, const CaptureOptions& options);

/// What the three backends have in common: everything but taking a picture.
class BrowserSession : public CaptureSession {
 public:
  BrowserSession(std::unique_ptr<OpenBrowser> open, CaptureMode mode);
  ~BrowserSession() override;

  std::string description() const override { return description_; }
  std::string browser_version() const override { return open_->browser->version(); }
  boost::asio::awaitable<Result<LoadedPage>> load(LoadRequest request) override;
  boost::asio::awaitable<Result<Frame>> capture(std::int64_t frame) override;
  boost::asio::awaitable<void> leave() override;
  CaptureCpu cpu() const override;
  bool alive() const override;
  boost::asio::awaitable<void> stop() override;

  /// Adds to the description why this backend was taken and not a faster one.
  void add_reason(const std::string& reason) { description_ += " (" + reason + ")"; }

 protected:
  Page& page() noexcept { return *open_->page; }
  Browser& browser() noexcept { return *open_->browser; }

  /// Loads the page, and does what the backend must do meanwhile and afterwards.
  virtual boost::asio::awaitable<Result<LoadedPage>> load_page(const LoadRequest& request) = 0;
  virtual boost::asio::awaitable<Result<Frame>> take(std::int64_t frame) = 0;
  /// Brings the page nearer to `frame`.
  virtual boost::asio::awaitable<Result<void>> approach(std::int64_t frame);
  /// An error if this Chromium has no chrome.gpuBenchmarking, with which its kind is started (--enable-gpu-benchmarking).
  boost::asio::awaitable<Result<void>> require_benchmarking(Deadline deadline);
  /// Adds what the browser wrote last to the error of one that ended, and names the cause if that is known.
  Error explain(Error error, Stage during) const;

 private:
  boost::asio::awaitable<Result<Frame>> reach_and_take(std::int64_t frame);

  std::unique_ptr<OpenBrowser> open_;
  std::string description_;
  LoadRequest request_{};  // of the last load
  bool stopped_{false};
};

}  // namespace orchestrator
