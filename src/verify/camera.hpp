#pragma once

#include "capture/capture_session.hpp"
#include "serve/composition_server.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace orchestrator {

/// What is filmed, and how.
struct Scene {
  std::string composition{};  ///< URL or HTML file
  int width{1920};
  int height{1080};
  Rational fps{30, 1};
  std::string props{"{}"};
  std::string composition_id{};
  std::string described{};  ///< as ChunkJob::described
  PageSettings page{};
  TimeoutOptions timeouts{};
  std::function<void(LogLevel, std::string_view)> log{};
};

/// One captured picture that may be kept.
struct Shot {
  FrameLayout layout{FrameLayout::bgr0};
  std::string bytes{};   ///< in `layout`; in bgr0, the bytes without meaning are 0
  std::string sha256{};  ///< of `bytes`
};

/// A browser of its own with one page in it, for as long as this object lives. Lives on one strand.
class Camera {
 public:
  /// Starts the browser and loads the page. `frames` is what will be taken.
  static boost::asio::awaitable<Result<std::unique_ptr<Camera>>> open(Scene scene, CaptureMode mode, FrameRange frames);

  /// As CaptureSession::capture.
  boost::asio::awaitable<Result<Shot>> take(std::int64_t frame);
  /// Ends the browser; returns when its processes and files are gone.
  boost::asio::awaitable<void> close();

  std::optional<std::int64_t> declared_frames() const noexcept { return declared_frames_; }
  /// As LoadedPage::contract, and what follows from it.
  const std::string& contract() const noexcept { return contract_; }
  ContractTraits traits() const noexcept { return traits_; }
  /// As CaptureSession::description.
  std::string description() const { return browser_->description(); }

 private:
  explicit Camera(std::unique_ptr<CompositionServer> server) : server_(std::move(server)) {}
  boost::asio::awaitable<Result<void>> start(const Scene& scene, CaptureMode mode, FrameRange frames);

  std::unique_ptr<CompositionServer> server_;
  std::unique_ptr<CaptureSession> browser_{};
  std::optional<std::int64_t> declared_frames_{};
  std::string contract_{};
  ContractTraits traits_{};
};

}  // namespace orchestrator
