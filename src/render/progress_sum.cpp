#include "render/progress_sum.hpp"

#include <algorithm>
#include <numeric>

namespace orchestrator {

ProgressSum::ProgressSum(std::vector<std::int64_t> frame_counts)
    : frame_counts_(std::move(frame_counts)),
      frames_done_(frame_counts_.size(), 0),
      total_(std::accumulate(frame_counts_.begin(), frame_counts_.end(), std::int64_t{0})) {}

void ProgressSum::chunk_at(std::size_t chunk, std::int64_t frames_done) {
  const std::int64_t now = std::clamp<std::int64_t>(frames_done, 0, frame_counts_[chunk]);
  sum_ += now - frames_done_[chunk];
  frames_done_[chunk] = now;
  reported_ = std::max(reported_, sum_);
}

void ProgressSum::enter(RenderPhase phase) { phase_ = std::max(phase_, phase); }

Progress ProgressSum::snapshot() const {
  const double rendered = total_ > 0 ? static_cast<double>(reported_) / static_cast<double>(total_) : 0;
  const double fraction = phase_ == RenderPhase::done ? 1.0 : rendered * (1.0 - assemble_share_);
  return {.fraction = fraction, .frames_done = reported_, .frames_total = total_, .phase = phase_};
}

std::string what_is_left(const Progress& progress, bool sound_is_there) {
  if (progress.phase == RenderPhase::assembling) return "every frame was rendered, the chunks were being joined";
  if (progress.frames_done == progress.frames_total && sound_is_there)
    return "every frame was rendered, the last chunks were being finished and checked";
  const std::string frames =
      std::to_string(progress.frames_done) + " of " + std::to_string(progress.frames_total) + " frames were rendered";
  return sound_is_there ? frames : frames + ", the sound was still being mixed";
}

}  // namespace orchestrator
