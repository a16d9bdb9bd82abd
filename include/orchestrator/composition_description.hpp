#pragma once

#include <orchestrator/chunk.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/render_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// In which order a page's frames can be asked for.
enum class FrameOrder {
  any,        ///< each frame is a function of its number
  forward,    ///< the page's clock runs through every frame; to go back, it is loaded again
  from_zero,  ///< the page draws every frame, because each depends on those before it (PageSettings::stateful)
};
std::string_view to_string(FrameOrder order) noexcept;
std::optional<FrameOrder> frame_order_from_string(std::string_view name) noexcept;

/// What follows from the way in which a page is driven (docs/page-contracts.md).
struct ContractTraits {
  FrameOrder order{FrameOrder::any};
  friend bool operator==(const ContractTraits&, const ContractTraits&) = default;
};

/// One film that a page can show, as the page says it. 0: it does not say.
struct DescribedComposition {
  std::string id{};  ///< empty where a page is one composition, which needs no name
  int width{0};
  int height{0};
  Rational fps{0, 1};
  std::int64_t frames{0};   ///< how many there are; never together with `duration`
  Rational duration{0, 1};  ///< in seconds
  /// What its chunks have to know, such as the props that the page made of those it was given: text for the contract alone.
  std::string described{};
  std::string error{};  ///< why it cannot be rendered, where others of the page can
  friend bool operator==(const DescribedComposition&, const DescribedComposition&) = default;
};

/// What a page says of itself once it is loaded.
struct CompositionDescription {
  std::string contract{};  ///< how it is driven: "renderFrame", "virtual clock", "Remotion", "Helios"
  ContractTraits traits{};
  std::vector<DescribedComposition> compositions{};
  friend bool operator==(const CompositionDescription&, const CompositionDescription&) = default;
};

/// The description as JSON (docs/command-line.md, "compositions").
std::string to_json(const CompositionDescription& description);

/// What a worker needs to look at a composition; the fields are those of ChunkJob. `video` has the size of the window and the
/// rate of the clock that the page finds while it loads.
struct DescribeJob {
  std::string render{};
  std::string composition{};
  std::string props{"{}"};
  std::string composition_id{};  ///< the only one that is looked at; empty: all
  PageSettings page{};
  VideoOptions video{};
  CaptureMode capture{CaptureMode::automatic};
  TimeoutOptions timeouts{};
};

/// The same as a job for a chunk without frames.
ChunkJob without_frames(DescribeJob job);

/// All frames of the composition in a film of this rate; nothing chosen if it does not say how many. A page that follows the
/// clock lasts as long at every rate; one whose frames come in any order has as many.
RenderRange all_frames(const DescribedComposition& composition, ContractTraits traits, Rational fps);

/// Whether `options` leave anything to the composition: size, rate, frames, or what composition_id stands for.
bool needs_description(const RenderOptions& options) noexcept;

/// `options` with what the composition says in place of what they leave open. What neither says gets the defaults of
/// VideoOptions. Pure. Errors: Errc::invalid_options if there are several compositions and none is chosen, if nobody says which
/// frames, or if a field that the page gives is wrong; Errc::page_error if the composition has an error.
[[nodiscard]] Result<RenderOptions> fill_in(RenderOptions options, const CompositionDescription& description);

}  // namespace v0
}  // namespace orchestrator
