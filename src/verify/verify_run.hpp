#pragma once

#include "verify/verification.hpp"

#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>
#include <vector>

namespace orchestrator {

/// A verification under way. Lives on one strand.
class VerifyRun {
 public:
  VerifyRun(const VerifyOptions& options, const VerifyEvents& events) : options_(options), events_(events) {}
  boost::asio::awaitable<Result<VerifyReport>> run();

 private:
  /// A picture that differs from the reference's, and the pass that took it.
  struct Mismatch {
    std::int64_t frame{0};
    std::size_t pass{0};
    Shot shot{};
  };
  using Visit = std::function<void(std::int64_t frame, Shot shot)>;

  boost::asio::awaitable<Result<void>> take_reference();
  boost::asio::awaitable<Result<void>> run_passes();
  boost::asio::awaitable<Result<void>> run_pass(VerifyPass& pass);
  boost::asio::awaitable<Result<void>> take_frames(VerifyPass& pass, FrameRange frames, Visit visit);
  boost::asio::awaitable<Result<void>> take_samples(VerifyPass& pass, Visit visit);
  boost::asio::awaitable<Result<void>> film(Camera& camera, FrameRange frames, const Visit& visit, std::int64_t total);
  bool is_sample(std::int64_t frame) const;
  void keep_shot(std::int64_t frame, Shot shot);
  /// Compares a picture of the reference's own backend with it, by bytes: equal pictures have equal bytes there.
  void note(VerifyPass& pass, std::int64_t frame, Shot shot);
  void note_difference(VerifyPass& pass, std::int64_t frame, Shot shot);
  /// Compares another backend's pictures of the samples with the reference, by pixels: their layouts may differ.
  boost::asio::awaitable<Result<void>> compare_samples(VerifyPass& pass, std::map<std::int64_t, Shot> shots);
  boost::asio::awaitable<Result<void>> explain_mismatch();
  boost::asio::awaitable<Result<Shot>> reference_of(std::int64_t frame);
  boost::asio::awaitable<Result<void>> keep_pictures(FirstDifference& first, const Picture& reference, const Picture& other);
  boost::asio::awaitable<Result<Picture>> pixels_of(const Shot& shot);
  Result<std::filesystem::path> scratch(boost::asio::any_io_executor executor);
  void started(const VerifyPass& pass) const;

  const VerifyOptions& options_;
  const VerifyEvents& events_;
  CaptureMode mode_{CaptureMode::automatic};  // the reference's, once it is known
  std::vector<std::string> sums_{};           // SHA-256 of the reference's pictures, frame by frame
  std::map<std::int64_t, Shot> shots_{};      // the reference's: the samples, and others as long as there is room
  std::size_t shot_bytes_{0};
  VerifyReport report_{};
  std::optional<Mismatch> mismatch_{};  // the one with the lowest frame number
  std::optional<GuardedDir> scratch_{};
};

}  // namespace orchestrator
