#include "process/ffmpeg_program.hpp"

#include "process/child_process.hpp"

#include <cstdlib>

namespace orchestrator {

namespace {

Result<std::string> find(const std::string& name, const char* variable, Stage stage) {
  const char* chosen = std::getenv(variable);
  const bool overridden = chosen != nullptr && *chosen != '\0';
  std::string path = find_program(overridden ? std::string(chosen) : name);
  if (!path.empty()) return path;
  std::string detail = overridden ? std::string(variable) + " names \"" + chosen + "\", which is not a program"
                                  : name + " is not installed: apt-get install ffmpeg";
  return Error{.code = Errc::encoder_unavailable, .detail = std::move(detail), .stage = stage};
}

}  // namespace

Result<std::string> ffmpeg_program(Stage stage) { return find("ffmpeg", "ORCHESTRATOR_FFMPEG", stage); }
Result<std::string> ffprobe_program(Stage stage) { return find("ffprobe", "ORCHESTRATOR_FFPROBE", stage); }

}  // namespace orchestrator
