#include "plan/check_plan.hpp"

#include "base/invalid_options.hpp"
#include "base/web_url.hpp"
#include "plan/chunking.hpp"

#include <orchestrator/composition_description.hpp>

#include <algorithm>
#include <string>
#include <unordered_set>

namespace orchestrator {

namespace {

/// A name within the render's own folder. A line break would end the name in a list of files (the concat demuxer's).
bool is_plain_name(const std::string& file) {
  return !file.empty() && file != "." && file != ".." && file.find_first_of("/\n\r") == std::string::npos;
}

/// What a render calls files of its own in that folder (make_audio.cpp, join.cpp).
bool is_taken(const std::string& file) { return file == "audio.m4a" || file == "chunks.ffconcat"; }

/// Which of the plan's file fields does not say what the render would do with its files; empty if all do.
std::string wrong_file(const RenderPlan& plan) {
  const auto is_chunk = [&](const std::string& file) {
    return std::find(plan.concat_manifest.begin(), plan.concat_manifest.end(), file) != plan.concat_manifest.end();
  };
  if (!is_plain_name(plan.concat_output_file)) return "plan.concat_output_file is not a plain file name";
  if (is_taken(plan.concat_output_file)) return "plan.concat_output_file is a name that the render uses itself";
  if (is_chunk(plan.concat_output_file)) return "plan.concat_output_file is a chunk's";
  if (plan.final_output_file != plan.options->output) return "plan.final_output_file is not plan.options.output";
  std::vector<std::string> gone = plan.concat_manifest;
  gone.push_back(plan.concat_output_file);
  if (plan.cleanup_files != gone)
    return "plan.cleanup_files are not the files of plan.concat_manifest and plan.concat_output_file";
  return {};
}

/// What of the cut is not as the options ask for; empty if all is. What they leave open was chosen from slots that nobody knows
/// now.
std::string wrong_cut(const RenderPlan& plan) {
  const ChunkingOptions& asked = plan.options->chunking;
  const auto count = static_cast<std::int64_t>(plan.chunks.size());
  if (asked.chunks > 0 || asked.frames_per_chunk > 0) {
    const ChunkSizes sizes = choose_chunks(plan.total_frames, plan.options->video.fps, asked, 1);
    if (count != sizes.count) return "plan.chunks are not as many as plan.options.chunking asks for";
    for (std::int64_t i = 0; i < count; ++i) {
      if (plan.chunks[static_cast<std::size_t>(i)].frame_count == sizes.length_of(i, plan.total_frames)) continue;
      return "plan.chunks[" + std::to_string(i) + "].frame_count is not what plan.options.chunking asks for";
    }
  }
  if (asked.workers > 0 && plan.workers != std::min<std::int64_t>(asked.workers, count))
    return "plan.workers are not as many as plan.options.chunking.workers";
  return {};
}

/// Where the fields of a plan contradict each other; empty if they do not.
std::string inconsistency(const RenderPlan& plan) {
  if (needs_description(*plan.options)) return "plan.options leave size, rate or frames to the composition";
  const auto [first, last] = plan.options->frame_range();
  std::int64_t next = first;
  std::unordered_set<std::string_view> files;
  for (std::size_t i = 0; i < plan.chunks.size(); ++i) {
    const RenderChunk& chunk = plan.chunks[i];
    const std::string name = "plan.chunks[" + std::to_string(i) + "]";
    if (chunk.id != static_cast<int>(i)) return name + ".id is not its place in the list";
    if (chunk.start_frame != next) return name + ".start_frame is not where the one before ends";
    if (chunk.frame_count <= 0 || chunk.frame_count > last - next) return name + ".frame_count is not within the range";
    if (!is_plain_name(chunk.output_file)) return name + ".output_file is not a plain file name";
    if (is_taken(chunk.output_file)) return name + ".output_file is a name that the render uses itself";
    if (!files.insert(chunk.output_file).second) return name + ".output_file is another chunk's";
    if (i >= plan.concat_manifest.size() || plan.concat_manifest[i] != chunk.output_file) {
      return "plan.concat_manifest[" + std::to_string(i) + "] is not the file of that chunk";
    }
    next += chunk.frame_count;
  }
  if (next != last) return "plan.chunks do not cover the range";
  if (plan.concat_manifest.size() != plan.chunks.size()) return "plan.concat_manifest has more files than there are chunks";
  if (plan.total_frames != last - first) return "plan.total_frames is not the length of the range";
  if (plan.workers < 1 || plan.workers > std::ssize(plan.chunks)) return "plan.workers must be 1 ... as many as there are chunks";
  if (plan.mix_options != plan.options->audio) return "plan.mix_options is not plan.options.audio: change both";
  if (!plan.content.files.empty() && is_web_url(plan.options->composition))
    return "plan.composition_files are of a folder, and plan.options.composition is a web page: remove one of them";
  if (plan.content.page.empty() != plan.content.files.empty() ||
      (!plan.content.page.empty() && !plan.content.files.contains(plan.content.page)))
    return "plan.composition_page is not one of plan.composition_files";
  if (std::string cut = wrong_cut(plan); !cut.empty()) return cut;
  return wrong_file(plan);
}

}  // namespace

Result<void> check_plan(const RenderPlan& plan) {
  if (!plan.options) return invalid_options("plan.options is missing");
  if (auto checked = validate(*plan.options); !checked) return checked;
  if (std::string reason = inconsistency(plan); !reason.empty()) return invalid_options(std::move(reason));
  return {};
}

}  // namespace orchestrator
