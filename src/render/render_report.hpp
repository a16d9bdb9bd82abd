#pragma once

#include "render/progress_sum.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace orchestrator {

/// What a render reports while it runs and at its end: callbacks, progress, a report of each chunk. Not thread-safe.
///
/// A callback may throw. Then `on_throw` is called, which has to end the render, and no callback is called again.
class RenderReport {
 public:
  RenderReport(const RenderPlan& plan, RenderEvents events, std::function<void()> on_throw);

  void planned(const RenderPlan& plan);
  void enter(RenderPhase phase);
  void log(LogLevel level, std::string_view text);
  void chunk_started(int chunk, int attempt);
  void chunk_progress(int chunk, std::int64_t encoded);
  void chunk_rendered(int chunk, ChunkResult result) { of(chunk).result = std::move(result); }
  void chunk_finished(int chunk);
  void chunk_failed(int chunk, const Error& error);

  /// Which callback threw what, if one did.
  const std::optional<std::string>& thrown() const noexcept { return thrown_; }
  Progress progress() const { return progress_.snapshot(); }
  const std::vector<ChunkReport>& chunks() const noexcept { return chunks_; }
  const ChunkReport& chunk(int id) const { return chunks_[place_of(id)]; }

 private:
  template <class... Values>
  void call(const char* name, const std::function<void(Values...)>& callback, const std::type_identity_t<Values>&... values);
  void publish_progress();
  std::size_t place_of(int chunk) const { return static_cast<std::size_t>(chunk - chunks_.front().id); }
  ChunkReport& of(int chunk) { return chunks_[place_of(chunk)]; }

  RenderEvents events_;
  std::function<void()> on_throw_;
  std::optional<std::string> thrown_{};
  ProgressSum progress_;
  std::vector<ChunkReport> chunks_;
};

}  // namespace orchestrator
