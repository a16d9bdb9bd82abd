#pragma once

#include <orchestrator/worker/program_search.hpp>

namespace orchestrator {

inline constexpr ProgramSearch ffmpeg_search{"ffmpeg", "ORCHESTRATOR_FFMPEG", "ffmpeg", {"ffmpeg"}};
inline constexpr ProgramSearch ffprobe_search{"ffprobe", "ORCHESTRATOR_FFPROBE", "ffmpeg", {"ffprobe"}};

/// Full path of ffmpeg or ffprobe. Errors: Errc::encoder_unavailable with `stage`, saying what to do.
Result<std::string> ffmpeg_program(Stage stage);
Result<std::string> ffprobe_program(Stage stage);

}  // namespace orchestrator
