// What a composition says of itself, in place of what the options leave open.
#include "base/invalid_options.hpp"

#include <orchestrator/composition_description.hpp>

#include <utility>

namespace orchestrator {
inline namespace v0 {

namespace {

bool is_set(Rational rational) { return rational.num > 0 && rational.den > 0; }

std::string ids_of(const std::vector<DescribedComposition>& compositions) {
  constexpr std::size_t most_ids = 50;
  std::string ids;
  for (const DescribedComposition& composition : compositions) {
    if (&composition == &compositions[0] + most_ids)
      return ids + " and " + std::to_string(compositions.size() - most_ids) + " more";
    ids += (ids.empty() ? "" : ", ") + composition.id;
  }
  return ids;
}

/// The one composition that is to be rendered. A worker that was told an id has looked at no other.
Result<DescribedComposition> only_composition(const CompositionDescription& description) {
  const auto& compositions = description.compositions;
  if (compositions.empty()) return invalid_options("composition: the page has no composition");
  if (compositions.size() > 1) {
    return invalid_options("composition_id: the page has " + std::to_string(compositions.size()) +
                           " compositions: say which one is rendered (" + ids_of(compositions) + ")");
  }
  const DescribedComposition& composition = compositions.front();
  if (composition.error.empty()) return composition;
  return Error{
      .code = Errc::page_error, .detail = "composition '" + composition.id + "': " + composition.error, .stage = Stage::load};
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
          .composition_id = std::move(job.composition_id),
          .page = std::move(job.page),
          .video = std::move(job.video),
          .capture = job.capture,
          .timeouts = job.timeouts};
}

RenderRange all_frames(const DescribedComposition& composition, ContractTraits traits, Rational fps) {
  if (is_set(composition.duration)) return RenderRange::seconds(composition.duration);
  if (composition.frames <= 0) return {};
  const bool is_timed = traits.order == FrameOrder::forward && is_set(composition.fps) && fps != composition.fps;
  if (!is_timed) return {0, composition.frames};
  return RenderRange::seconds({composition.frames * composition.fps.den, composition.fps.num});
}

bool needs_description(const RenderOptions& options) noexcept {
  const VideoOptions& video = options.video;
  const bool is_open = !options.frames.chosen() || video.width == 0 || video.height == 0 || video.fps.num == 0;
  return is_open || (!options.composition_id.empty() && options.described.empty());
}

Result<RenderOptions> fill_in(RenderOptions options, const CompositionDescription& description) {
  auto found = only_composition(description);
  if (!found) return found.error();
  DescribedComposition& composition = *found;
  if (options.video.width == 0) options.video.width = composition.width;
  if (options.video.height == 0) options.video.height = composition.height;
  if (options.video.fps.num == 0) options.video.fps = composition.fps;
  options.video = with_defaults(std::move(options.video));
  if (!options.frames.chosen()) options.frames = all_frames(composition, description.traits, options.video.fps);
  if (!options.frames.chosen()) {
    return invalid_options(
        "frames: the composition does not say how long it is: say what to render, a frame range (0:300) or a duration in "
        "seconds, or say it in the page (docs/page-contracts.md)");
  }
  options.composition_id = std::move(composition.id);
  options.described = std::move(composition.described);
  if (auto valid = validate(options); !valid) {
    Error error = valid.error();
    error.detail = "with what the composition says, " + error.detail;
    return error;
  }
  return options;
}

}  // namespace v0
}  // namespace orchestrator
