// What a composition says of itself, in place of what the options leave open.
#include "base/invalid_options.hpp"

#include <orchestrator/composition_description.hpp>

#include <utility>

namespace orchestrator {
inline namespace v0 {

namespace {

/// The frames of the composition at the rate of `video`; nothing if it does not say how many.
RenderRange all_frames(const DescribedComposition& composition) {
  if (composition.frames > 0) return {0, composition.frames};
  if (composition.duration.num > 0) return RenderRange::seconds(composition.duration);
  return {};
}

}  // namespace

VideoOptions with_defaults(VideoOptions video) noexcept {
  if (video.width == 0) video.width = 1920;
  if (video.height == 0) video.height = 1080;
  if (video.fps.num == 0) video.fps = {30, 1};
  return video;
}

ChunkJob without_frames(DescribeJob job) {
  return {.render = std::move(job.render),
          .composition = std::move(job.composition),
          .props = std::move(job.props),
          .page = std::move(job.page),
          .video = std::move(job.video),
          .capture = job.capture,
          .timeouts = job.timeouts};
}

bool needs_description(const RenderOptions& options) noexcept {
  const VideoOptions& video = options.video;
  return !options.frames.chosen() || video.width == 0 || video.height == 0 || video.fps.num == 0;
}

Result<RenderOptions> fill_in(RenderOptions options, const CompositionDescription& description) {
  if (description.compositions.size() != 1) {
    return invalid_options("composition: it has " + std::to_string(description.compositions.size()) +
                           " compositions, and one can be rendered");
  }
  const DescribedComposition& composition = description.compositions.front();
  if (options.video.width == 0) options.video.width = composition.width;
  if (options.video.height == 0) options.video.height = composition.height;
  if (options.video.fps.num == 0) options.video.fps = composition.fps;
  options.video = with_defaults(std::move(options.video));
  if (!options.frames.chosen()) options.frames = all_frames(composition);
  if (!options.frames.chosen()) {
    return invalid_options(
        "frames: the composition does not say how long it is: say what to render, a frame range (0:300) or a duration in "
        "seconds, or say it in the page (docs/page-contracts.md)");
  }
  if (auto valid = validate(options); !valid) return valid.error();
  return options;
}

}  // namespace v0
}  // namespace orchestrator
