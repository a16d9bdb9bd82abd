#pragma once

#include <orchestrator/progress.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace orchestrator {

/// Adds up the frames of all chunks. Pure; the sum that it reports never goes back, even if a chunk starts over.
class ProgressSum {
 public:
  explicit ProgressSum(std::vector<std::int64_t> frame_counts);
  void chunk_at(std::size_t chunk, std::int64_t frames_done);
  void enter(RenderPhase phase);
  Progress snapshot() const;

 private:
  // The share of joining and muxing, which copy bytes: measured at well under a hundredth of a render's time.
  static constexpr double assemble_share_ = 0.01;
  std::vector<std::int64_t> frame_counts_;
  std::vector<std::int64_t> frames_done_;
  std::int64_t total_{0};
  std::int64_t sum_{0};
  std::int64_t reported_{0};
  RenderPhase phase_{RenderPhase::starting};
};

/// How far an unfinished render has come, for errors: "12 of 300 frames were rendered". Pure.
std::string what_is_left(const Progress& progress, bool sound_is_there);

}  // namespace orchestrator
