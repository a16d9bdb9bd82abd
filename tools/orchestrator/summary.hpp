#pragma once

#include <orchestrator/render_orchestrator.hpp>

#include <string>

namespace orchestrator::tool {

/// The object that `--json` prints; docs/command-line.md lists its fields. `chunks` are those that were started.
std::string summary_json(const RenderOptions& options, const Result<RenderResult>& result, const std::vector<ChunkReport>& chunks,
                         std::chrono::milliseconds wall);
/// For people: "out.mp4: 450 frames, 1920x1080 at 30 fps, rendered in 12.3 s (36.5 frames a second) by 2 workers, shm".
std::string summary_text(const RenderResult& result);
/// "30" or "30000/1001"
std::string to_string(Rational fps);

}  // namespace orchestrator::tool
