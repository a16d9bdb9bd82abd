#pragma once

#include <orchestrator/render_orchestrator.hpp>

#include <map>
#include <string>

namespace orchestrator::tool {

/// What is known of a render while it runs, so that one that fails can still say how far it came.
struct Ledger {
  int workers{0};                       ///< as planned; 0 if there is no plan
  std::map<int, ChunkReport> chunks{};  ///< those that were started, by their ids
};

/// The object that `--json` prints; docs/command-line.md lists its fields.
std::string summary_json(const RenderOptions& options, const Result<RenderResult>& result, const Ledger& ledger,
                         std::chrono::milliseconds wall);
/// For people: "out.mp4: 450 frames, 1920x1080 at 30 fps, rendered in 12.3 s (36.5 frames a second) by 2 workers,
/// capture: shm".
std::string summary_text(const RenderResult& result);
/// The same of a film whose chunks had been rendered before: "out.mp4: 450 frames, 1920x1080 at 30 fps, joined from 4 chunks in
/// 0.5 s".
std::string joined_text(const RenderResult& result);
/// "30" or "30000/1001"
std::string to_string(Rational fps);

}  // namespace orchestrator::tool
