#pragma once

#include "verify/camera.hpp"
#include "verify/verify_report.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>

namespace orchestrator {

struct VerifyOptions {
  Scene scene{};
  CaptureMode capture{CaptureMode::automatic};
  bool all_backends{false};            ///< compare them with each other as well
  std::optional<FrameRange> frames{};  ///< none: all that the page declares, or 0:60
  int samples{8};                      ///< how many frames are captured from fresh browsers
  int busy_loops{0};                   ///< threads that spin during the passes under load; 0: no such passes
  std::filesystem::path keep{};        ///< where pictures of a difference go; made when needed
};

/// Callbacks that tell what happens meanwhile. All are optional, and called on the thread that runs verify().
struct VerifyEvents {
  std::function<void(const VerifyPass&)> on_pass_started{};
  std::function<void(std::int64_t frames_done, std::int64_t frames_total)> on_frame{};
  std::function<void(const VerifyPass&)> on_pass_ended{};
};

/// Captures the same frames in several ways (VerifyPass) and compares their pixels. Nothing is left behind but the pictures of a
/// difference. TimeoutOptions::total limits the whole. Errors: whatever keeps a frame from being captured; output_unwritable;
/// timed_out; cancelled.
Result<VerifyReport> verify(const VerifyOptions& options, const VerifyEvents& events, std::stop_token stop);

}  // namespace orchestrator
