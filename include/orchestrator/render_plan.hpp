#pragma once

#include <orchestrator/composition_content.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/render_options.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// A range of frames that one worker renders in one go.
struct RenderChunk {
  int id{0};  ///< 0, 1, 2 ... in timeline order
  std::int64_t start_frame{0};
  std::int64_t frame_count{0};
  std::string output_file{};                       ///< relative to the render's work directory
  std::shared_ptr<const RenderOptions> options{};  ///< the render's options, shared by all chunks
  FrameRange frames() const noexcept { return {start_frame, start_frame + frame_count}; }
};

/// Everything a render will do, decided before it starts. Prints as JSON and reads back. The files of chunks and of joining are
/// plain names in a folder that only exists while rendering; relative paths of compositions, sounds and the output are relative
/// to the folder in which the render runs.
struct RenderPlan {
  std::shared_ptr<const RenderOptions> options{};
  std::int64_t total_frames{0};
  int workers{1};  ///< chunks in flight at most
  std::vector<RenderChunk> chunks{};
  std::vector<std::string> concat_manifest{};  ///< chunk files in the order they are joined
  std::string concat_output_file{};            ///< the joined and muxed file before it gets its final name; a plain name
  std::filesystem::path final_output_file{};
  AudioOptions mix_options{};  ///< options->audio; a plan with other sound here is refused
  /// The files above, which are removed when the render ends, successful or not, with the hidden folders they lie in. For
  /// information: a plan with other files here is refused.
  std::vector<std::string> cleanup_files{};
  /// What the composition's folder must hold when the plan is rendered, from read_content(); otherwise that is refused. Empty:
  /// whatever is there is rendered.
  CompositionContent content{};
};

/// Gives the plan and each of its chunks these options.
void set_options(RenderPlan& plan, RenderOptions options);

/// Plan as JSON ("schema": 1). Props and URLs enter it, but of a user name and password in a URL only `***`, which
/// plan_from_json() refuses until it is replaced.
std::string to_json(const RenderPlan& plan);
/// Errors: Errc::invalid_options, naming the field that is wrong or does not fit the others.
[[nodiscard]] Result<RenderPlan> plan_from_json(std::string_view json);

}  // namespace v0
}  // namespace orchestrator
