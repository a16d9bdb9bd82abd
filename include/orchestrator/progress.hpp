#pragma once

#include <orchestrator/chunk.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// How far a render is. Not to be confused with Stage, the part of the pipeline that an error comes from.
enum class RenderPhase { starting, rendering, assembling, done };
std::string_view to_string(RenderPhase phase) noexcept;

/// A snapshot. `fraction` is weighted by frames, never goes back, and is exactly 1 only when the output file is in place.
struct Progress {
  double fraction{0};
  std::int64_t frames_done{0};  ///< frames that left the encoder
  std::int64_t frames_total{0};
  RenderPhase phase{RenderPhase::starting};
};

enum class LogLevel { debug, info, warning };

struct RenderPlan;

/// Callbacks, all optional. Called one at a time, on the thread that runs the render; they must not block long. If one throws,
/// the render ends with Errc::internal and the exception's text, and no callback is called any more.
struct RenderEvents {
  /// What is rendered, once, before all but on_log: its options have what the caller's left to the composition. render_chunk()
  /// has a plan of that chunk only.
  std::function<void(const RenderPlan&)> on_plan{};
  std::function<void(const Progress&)> on_progress{};
  std::function<void(RenderPhase)> on_phase{};
  std::function<void(int chunk, int attempt)> on_chunk_started{};
  std::function<void(int chunk, std::int64_t frames_done)> on_chunk_progress{};
  std::function<void(int chunk, const ChunkResult&)> on_chunk_finished{};
  std::function<void(int chunk, const Error&)> on_chunk_failed{};
  std::function<void(LogLevel, std::string_view)> on_log{};
};

}  // namespace v0
}  // namespace orchestrator
