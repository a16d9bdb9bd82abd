#pragma once

#include "capture/shm_session.hpp"

#include <memory>
#include <string>

namespace orchestrator {

/// Shared memory capture, as fast as the window makes frames. A page that Chromium shows only at 60 frames a second (view
/// transitions, docs/adr/0001) gets another browser, in which it is brought to the same frame: the picture is the same.
class TwoRateSession : public CaptureSession {
 public:
  /// `session` was opened with `options`.
  TwoRateSession(std::unique_ptr<BrowserSession> session, CaptureOptions options);

  FrameLayout layout() const override { return session_->layout(); }
  std::string description() const override { return session_->description(); }
  std::string browser_version() const override { return session_->browser_version(); }
  boost::asio::awaitable<Result<LoadedPage>> load(LoadRequest request) override;
  boost::asio::awaitable<Result<Frame>> capture(std::int64_t frame) override;
  boost::asio::awaitable<void> leave() override { return session_->leave(); }
  bool lost_screen() const override { return options_.limit_rate && session_->lost_screen(); }
  CaptureCpu cpu() const override;
  bool alive() const override { return session_->alive(); }
  boost::asio::awaitable<void> stop() override { return session_->stop(); }

 private:
  bool may_limit_rate() const { return !options_.limit_rate && session_->lost_screen(); }
  boost::asio::awaitable<Result<void>> reopen(bool limit_rate);
  boost::asio::awaitable<Result<LoadedPage>> load_at_limited_rate(Error reason);

  std::unique_ptr<BrowserSession> session_;
  CaptureOptions options_;
  CaptureCpu used_before_{};  // by browsers that are gone
  LoadRequest request_{};     // of the last load
};

}  // namespace orchestrator
