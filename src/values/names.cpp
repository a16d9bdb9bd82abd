// The words for enum values in JSON, on the command line and in messages.
#include <orchestrator/composition_description.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/progress.hpp>
#include <orchestrator/render_options.hpp>

#include <array>
#include <utility>

namespace orchestrator {
inline namespace v0 {

namespace {

template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<Errc, 22> errc_names{{{Errc::invalid_options, "invalid_options"},
                                      {Errc::composition_not_found, "composition_not_found"},
                                      {Errc::composition_unreachable, "composition_unreachable"},
                                      {Errc::load_timeout, "load_timeout"},
                                      {Errc::page_error, "page_error"},
                                      {Errc::page_crashed, "page_crashed"},
                                      {Errc::frame_timeout, "frame_timeout"},
                                      {Errc::range_exceeds_composition, "range_exceeds_composition"},
                                      {Errc::browser_unavailable, "browser_unavailable"},
                                      {Errc::browser_crashed, "browser_crashed"},
                                      {Errc::capture_failed, "capture_failed"},
                                      {Errc::encoder_unavailable, "encoder_unavailable"},
                                      {Errc::encoder_failed, "encoder_failed"},
                                      {Errc::audio_failed, "audio_failed"},
                                      {Errc::chunk_invalid, "chunk_invalid"},
                                      {Errc::assemble_failed, "assemble_failed"},
                                      {Errc::output_unwritable, "output_unwritable"},
                                      {Errc::executor_unavailable, "executor_unavailable"},
                                      {Errc::protocol_error, "protocol_error"},
                                      {Errc::timed_out, "timed_out"},
                                      {Errc::cancelled, "cancelled"},
                                      {Errc::composition_changed, "composition_changed"}}};

constexpr Names<Stage, 8> stage_names{{{Stage::plan, "plan"},
                                       {Stage::start, "start"},
                                       {Stage::load, "load"},
                                       {Stage::capture, "capture"},
                                       {Stage::encode, "encode"},
                                       {Stage::verify, "verify"},
                                       {Stage::audio, "audio"},
                                       {Stage::assemble, "assemble"}}};

constexpr Names<CaptureMode, 4> capture_names{{{CaptureMode::automatic, "auto"},
                                               {CaptureMode::shm, "shm"},
                                               {CaptureMode::beginframe, "beginframe"},
                                               {CaptureMode::screenshot, "screenshot"}}};

constexpr Names<FrameOrder, 3> frame_order_names{
    {{FrameOrder::any, "any"}, {FrameOrder::forward, "forward"}, {FrameOrder::from_zero, "from_zero"}}};

constexpr Names<RenderPhase, 4> render_phase_names{{{RenderPhase::starting, "starting"},
                                                    {RenderPhase::rendering, "rendering"},
                                                    {RenderPhase::assembling, "assembling"},
                                                    {RenderPhase::done, "done"}}};

template <class T, std::size_t N>
std::string_view name_of(const Names<T, N>& names, T value, std::string_view otherwise) noexcept {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return otherwise;
}

template <class T, std::size_t N>
std::optional<T> value_of(const Names<T, N>& names, std::string_view text) noexcept {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Errc code) noexcept { return name_of(errc_names, code, "internal"); }
std::string_view to_string(Stage stage) noexcept { return name_of(stage_names, stage, "plan"); }
std::string_view to_string(CaptureMode mode) noexcept { return name_of(capture_names, mode, "auto"); }
std::string_view to_string(FrameOrder order) noexcept { return name_of(frame_order_names, order, "any"); }
std::string_view to_string(RenderPhase phase) noexcept { return name_of(render_phase_names, phase, "starting"); }

std::optional<Errc> errc_from_string(std::string_view name) noexcept {
  return name == "internal" ? std::optional(Errc::internal) : value_of(errc_names, name);
}
std::optional<Stage> stage_from_string(std::string_view name) noexcept { return value_of(stage_names, name); }
std::optional<CaptureMode> capture_mode_from_string(std::string_view name) noexcept { return value_of(capture_names, name); }
std::optional<FrameOrder> frame_order_from_string(std::string_view name) noexcept { return value_of(frame_order_names, name); }

}  // namespace v0
}  // namespace orchestrator
