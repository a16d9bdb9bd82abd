#include "media/ffmpeg_program.hpp"

namespace orchestrator {

Result<std::string> ffmpeg_program(Stage stage) { return program_path(ffmpeg_search, Errc::encoder_unavailable, stage); }
Result<std::string> ffprobe_program(Stage stage) { return program_path(ffprobe_search, Errc::encoder_unavailable, stage); }

}  // namespace orchestrator
