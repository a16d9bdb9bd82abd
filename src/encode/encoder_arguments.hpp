#pragma once

#include "capture/frame.hpp"

#include <orchestrator/render_options.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator {

/// What one encoder is asked to write.
struct EncoderJob {
  VideoOptions video{};
  FrameLayout layout{FrameLayout::bgr0};
  std::filesystem::path output{};
};

/// The whole command line after "ffmpeg": frames on stdin, progress reports on stdout, an MP4 file at job.output.
/// Raw frames arrive as planar YUV where the output is YUV (encode/yuv.hpp), else as bgr0.
std::vector<std::string> encoder_arguments(const EncoderJob& job);

}  // namespace orchestrator
