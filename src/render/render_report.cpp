#include "render/render_report.hpp"

#include "render/unexpected.hpp"

#include <algorithm>
#include <utility>

namespace orchestrator {

namespace {

std::vector<std::int64_t> frame_counts(const RenderPlan& plan) {
  std::vector<std::int64_t> counts;
  counts.reserve(plan.chunks.size());
  for (const RenderChunk& chunk : plan.chunks) counts.push_back(chunk.frame_count);
  return counts;
}

std::vector<ChunkReport> empty_reports(const RenderPlan& plan) {
  std::vector<ChunkReport> reports;
  reports.reserve(plan.chunks.size());
  for (const RenderChunk& chunk : plan.chunks) {
    reports.push_back({.id = chunk.id, .start_frame = chunk.start_frame, .frame_count = chunk.frame_count});
  }
  return reports;
}

}  // namespace

RenderReport::RenderReport(const RenderPlan& plan, RenderEvents events, std::function<void()> on_throw)
    : events_(std::move(events)), on_throw_(std::move(on_throw)), progress_(frame_counts(plan)), chunks_(empty_reports(plan)) {}

template <class... Values>
void RenderReport::call(const char* name, const std::function<void(Values...)>& callback,
                        const std::type_identity_t<Values>&... values) {
  if (!callback || thrown_) return;
  try {
    callback(values...);
  } catch (...) {
    thrown_ = callback_threw(name, std::current_exception());
    on_throw_();
  }
}

void RenderReport::planned(const RenderPlan& plan) { call("on_plan", events_.on_plan, plan); }

void RenderReport::enter(RenderPhase phase) {
  progress_.enter(phase);
  call("on_phase", events_.on_phase, phase);
  if (phase != RenderPhase::starting) publish_progress();  // it may yet turn out that nothing can be rendered
}

void RenderReport::log(LogLevel level, std::string_view text) { call("on_log", events_.on_log, level, text); }

void RenderReport::chunk_started(int chunk, int attempt) {
  of(chunk).attempts = attempt;
  call("on_chunk_started", events_.on_chunk_started, chunk, attempt);
}

void RenderReport::chunk_progress(int chunk, std::int64_t encoded) {
  encoded = std::clamp<std::int64_t>(encoded, 0, of(chunk).frame_count);  // whatever the executor says
  progress_.chunk_at(place_of(chunk), encoded);
  call("on_chunk_progress", events_.on_chunk_progress, chunk, encoded);
  publish_progress();
}

void RenderReport::chunk_finished(int chunk) {
  chunk_progress(chunk, of(chunk).frame_count);
  call("on_chunk_finished", events_.on_chunk_finished, chunk, of(chunk).result);
}

void RenderReport::chunk_failed(int chunk, const Error& error) { call("on_chunk_failed", events_.on_chunk_failed, chunk, error); }

void RenderReport::publish_progress() { call("on_progress", events_.on_progress, progress_.snapshot()); }

}  // namespace orchestrator
