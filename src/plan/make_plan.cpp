#include "plan/make_plan.hpp"

#include "base/invalid_options.hpp"
#include "media/output_format.hpp"
#include "plan/chunking.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

// A plan with this many chunks takes some 100 MB; every chunk costs an encoder start and a file.
constexpr std::int64_t most_chunks = 1'000'000;

}  // namespace

Result<RenderPlan> make_plan(RenderOptions options, int executor_slots) {
  if (auto checked = validate(options); !checked) return checked.error();
  if (!options.frames.chosen())
    return invalid_options("frames: say what to render, a frame range (0:300) or a duration in seconds");
  options.video = with_defaults(std::move(options.video));
  const FrameRange range = options.frame_range();
  const int slots = std::max(1, options.chunking.workers > 0 ? options.chunking.workers : executor_slots);
  const ChunkSizes sizes = choose_chunks(range.count(), options.video.fps, options.chunking, slots);
  if (sizes.count > most_chunks) {
    return invalid_options("chunking: the plan would have " + std::to_string(sizes.count) + " chunks, at most " +
                           std::to_string(most_chunks) + " are possible: give a larger chunking.frames_per_chunk");
  }

  RenderPlan plan;
  plan.options = std::make_shared<const RenderOptions>(options);
  plan.total_frames = range.count();
  plan.workers = static_cast<int>(std::min<std::int64_t>(slots, sizes.count));
  plan.chunks.reserve(static_cast<std::size_t>(sizes.count));
  plan.concat_manifest.reserve(static_cast<std::size_t>(sizes.count));
  std::int64_t start = range.first;
  for (std::int64_t i = 0; i < sizes.count; ++i) {
    const std::int64_t length = sizes.length_of(i, plan.total_frames);
    plan.chunks.push_back({static_cast<int>(i), start, length, chunk_file_name(i, options.video), plan.options});
    plan.concat_manifest.push_back(plan.chunks.back().output_file);
    start += length;
  }
  plan.concat_output_file = "final" + std::string(find_container(options.output)->extension);
  plan.final_output_file = options.output;
  plan.mix_options = options.audio;
  plan.cleanup_files = plan.concat_manifest;
  plan.cleanup_files.push_back(plan.concat_output_file);
  return plan;
}

void v0::set_options(RenderPlan& plan, RenderOptions options) {
  plan.options = std::make_shared<const RenderOptions>(std::move(options));
  for (RenderChunk& chunk : plan.chunks) chunk.options = plan.options;
}

}  // namespace orchestrator
