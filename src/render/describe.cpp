#include "render/describe.hpp"

#include "base/invalid_options.hpp"
#include "base/random_id.hpp"
#include "render/built_project.hpp"
#include "render/resolve_composition.hpp"
#include "render/unexpected.hpp"

#include <optional>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// Hands the logs of a describe() to the render's events.
class LogContext final : public ChunkContext {
 public:
  explicit LogContext(RenderEvents events) : events_(std::move(events)) {}
  void progress(std::int64_t, std::int64_t) override {}
  void log(LogLevel level, std::string_view text) override {
    if (!events_.on_log || thrown_) return;
    try {
      events_.on_log(level, text);
    } catch (...) {
      thrown_ =
          Error{.code = Errc::internal, .detail = callback_threw("on_log", std::current_exception()), .stage = Stage::start};
    }
  }
  /// What the user's callback threw, which ends the render.
  const std::optional<Error>& thrown() const noexcept { return thrown_; }

 private:
  RenderEvents events_;
  std::optional<Error> thrown_{};
};

/// A coroutine, so that what an executor throws before it returns one is caught with the rest.
asio::awaitable<Result<CompositionDescription>> described(RenderExecutor& executor, DescribeJob job, ChunkContext& context) {
  co_return co_await executor.describe(std::move(job), context);
}

bool is_of(const VideoOptions& film, const VideoOptions& seen) {
  return film.width == seen.width && film.height == seen.height && film.fps == seen.fps;
}

/// Looks at the composition again in the size and at the rate that it asks for: what it says may depend on them.
asio::awaitable<Result<RenderOptions>> look_again(RenderExecutor& executor, RenderOptions options, RenderOptions filled,
                                                  RenderEvents events, RenderTime time) {
  RenderOptions as_filmed = options;
  as_filmed.video = filled.video;
  auto found = co_await describe_composition(executor, std::move(as_filmed), std::move(events), time);
  if (!found) co_return found.error();
  auto again = fill_in(std::move(options), *found);
  if (!again || is_of(again->video, filled.video)) co_return again;
  co_return invalid_options(
      "composition: in the size and at the rate that it asks for, it asks for others: give them as options");
}

}  // namespace

asio::awaitable<Result<CompositionDescription>> describe_composition(RenderExecutor& executor, RenderOptions options,
                                                                     RenderEvents events, RenderTime time) {
  auto composition = resolve_composition(options.composition);
  if (!composition) co_return composition.error();
  PageSettings page = with_style_sheets(std::move(options.page), *composition);
  DescribeJob job{.render = random_id(),
                  .composition = std::move(*composition),
                  .props = std::move(options.props),
                  .composition_id = std::move(options.composition_id),
                  .page = std::move(page),
                  .video = with_defaults(std::move(options.video)),
                  .capture = options.capture,
                  .timeouts = options.timeouts};
  LogContext context(std::move(events));
  CallWords words{.threw = "the executor threw while it looked at the composition",
                  .cancelled = "cancelled while the composition was looked at",
                  .late = "the page had not yet said what it is"};
  const std::string cancelled = words.cancelled;
  auto call = described(executor, std::move(job), context);
  auto description = co_await limited_call(std::move(call), time, std::move(words));
  if (context.thrown()) co_return *context.thrown();
  if (!description && description.error().code == Errc::cancelled) co_return cancelled_error(Stage::start, cancelled);
  co_return description;
}

asio::awaitable<Result<RenderOptions>> complete_options(RenderExecutor& executor, bool describes, RenderOptions options,
                                                        RenderEvents events, RenderTime time) {
  if (!needs_description(options)) co_return options;
  if (!describes && !options.composition_id.empty()) {
    co_return invalid_options("composition_id: this executor cannot look at compositions: leave it out");
  }
  if (!describes) {
    LogContext context(std::move(events));
    context.log(LogLevel::warning,
                "this executor cannot look at compositions: size and rate that are not given are 1920x1080 at 30");
    if (context.thrown()) co_return *context.thrown();
    CompositionDescription silent;
    silent.compositions.emplace_back();
    co_return fill_in(std::move(options), silent);
  }
  auto found = co_await describe_composition(executor, options, events, time);
  if (!found) co_return found.error();
  auto filled = fill_in(options, *found);
  // A composition with a description of its own is what it is in any window.
  if (!filled || !filled->described.empty() || is_of(filled->video, with_defaults(options.video))) co_return filled;
  co_return co_await look_again(executor, std::move(options), std::move(*filled), std::move(events), time);
}

}  // namespace orchestrator
