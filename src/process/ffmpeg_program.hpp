#pragma once

#include <orchestrator/error.hpp>

#include <string>

namespace orchestrator {

/// Full path of ffmpeg or ffprobe: the environment's ORCHESTRATOR_FFMPEG / ORCHESTRATOR_FFPROBE, else the one on PATH.
/// Errors: Errc::encoder_unavailable with `stage` and how to install it.
Result<std::string> ffmpeg_program(Stage stage);
Result<std::string> ffprobe_program(Stage stage);

}  // namespace orchestrator
