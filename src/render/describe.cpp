#include "render/describe.hpp"

#include "base/random_id.hpp"
#include "render/resolve_composition.hpp"

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
    if (events_.on_log) events_.on_log(level, text);
  }

 private:
  RenderEvents events_;
};

}  // namespace

asio::awaitable<Result<CompositionDescription>> describe_composition(RenderExecutor& executor, RenderOptions options,
                                                                     RenderEvents events, RenderTime time) {
  auto composition = resolve_composition(options.composition);
  if (!composition) co_return composition.error();
  DescribeJob job{.render = random_id(),
                  .composition = std::move(*composition),
                  .props = std::move(options.props),
                  .page = std::move(options.page),
                  .video = with_defaults(std::move(options.video)),
                  .capture = options.capture,
                  .timeouts = options.timeouts};
  LogContext context(std::move(events));
  CallWords words{.threw = "the executor threw while it looked at the composition",
                  .cancelled = "cancelled while the composition was looked at",
                  .late = "the page had not yet said what it is"};
  auto call = executor.describe(std::move(job), context);
  co_return co_await limited_call(std::move(call), time, std::move(words));
}

asio::awaitable<Result<RenderOptions>> complete_options(RenderExecutor& executor, RenderOptions options, RenderEvents events,
                                                        RenderTime time) {
  if (!needs_description(options)) co_return options;
  CompositionDescription description;
  if (executor.capabilities().describes) {
    auto found = co_await describe_composition(executor, options, std::move(events), time);
    if (!found) co_return found.error();
    description = std::move(*found);
  } else {
    description.compositions.emplace_back();
  }
  co_return fill_in(std::move(options), description);
}

}  // namespace orchestrator
