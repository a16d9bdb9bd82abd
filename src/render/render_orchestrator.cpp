#include <orchestrator/async_render.hpp>

#include "async/run_on.hpp"
#include "base/invalid_options.hpp"
#include "plan/check_plan.hpp"
#include "plan/make_plan.hpp"
#include "render/chunk_place.hpp"
#include "render/chunk_product.hpp"
#include "render/describe.hpp"
#include "render/finished_chunks.hpp"
#include "render/ready_executor.hpp"
#include "render/render_run.hpp"
#include "render/unexpected.hpp"
#include "render/wait_for.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <memory>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// What a render has besides its options or plan.
struct RenderWish {
  RenderExecutor& executor;
  RenderEvents events;
  RenderRun::Clock::time_point start;
  RenderTime time_for(const RenderOptions& options) const { return {start, options.timeouts.total}; }
};

// The following run on the render's strand, where the RenderRun has to be made and destroyed.

asio::awaitable<Result<RenderResult>> render_by(RenderTask task, RenderWish wish) {
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  RenderRun run(strand, wish.executor, std::move(task), std::move(wish.events), wish.start);
  co_return co_await run.run();
}

asio::awaitable<Result<RenderResult>> do_wanted(RenderPlan plan, RenderWish wish) {
  const auto ready = co_await ready_executor(wish.executor, wish.time_for(*plan.options));
  if (!ready) co_return ready.error();
  RenderTask task;
  task.at_once = plan.workers;
  task.plan = std::move(plan);
  co_return co_await render_by(std::move(task), std::move(wish));
}

asio::awaitable<Result<RenderResult>> do_wanted(RenderOptions options, RenderWish wish) {
  const RenderTime time = wish.time_for(options);
  const auto ready = co_await ready_executor(wish.executor, time);
  if (!ready) co_return ready.error();
  const auto complete = co_await complete_options(wish.executor, ready->describes, std::move(options), wish.events, time);
  if (!complete) co_return complete.error();
  auto plan = RenderOrchestrator::plan(*complete, *ready);
  if (!plan) co_return plan.error();
  RenderTask task;
  task.plan = std::move(*plan);
  task.at_once = task.plan.workers;
  if (complete->chunking.workers == 0) {
    task.slots = RenderTask::Slots::watched;
    task.at_once = std::min(task.plan.workers, ready->slots);
  }
  co_return co_await render_by(std::move(task), std::move(wish));
}

/// Options, of which only what concerns the page counts.
struct WantedDescription {
  RenderOptions options;
};

asio::awaitable<Result<CompositionDescription>> do_wanted(WantedDescription wanted, RenderWish wish) {
  const RenderTime time = wish.time_for(wanted.options);
  const auto ready = co_await ready_executor(wish.executor, time);
  if (!ready) co_return ready.error();
  co_return co_await describe_composition(wish.executor, std::move(wanted.options), std::move(wish.events), time);
}

/// Options that the composition is to complete.
struct WantedOptions {
  RenderOptions options;
};

asio::awaitable<Result<RenderOptions>> do_wanted(WantedOptions wanted, RenderWish wish) {
  if (!needs_description(wanted.options)) co_return std::move(wanted.options);
  const RenderTime time = wish.time_for(wanted.options);
  const auto ready = co_await ready_executor(wish.executor, time);
  if (!ready) co_return ready.error();
  co_return co_await complete_options(wish.executor, ready->describes, std::move(wanted.options), std::move(wish.events), time);
}

/// One chunk of a plan, and where it goes.
struct WantedChunk {
  RenderPlan plan;
  int chunk;
  ChunkTarget target;
};

asio::awaitable<Result<RenderedChunk>> render_alone(RenderTask task, RenderWish wish) {
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  RenderRun run(strand, wish.executor, std::move(task), std::move(wish.events), wish.start);
  auto done = co_await run.run();
  if (!done) co_return done.error();
  if (run.found()) co_return *run.found();
  RenderedChunk rendered{.file = done->output, .proof = run.proof()};
  rendered.report = std::move(done->chunks.front());
  rendered.report.result.file = done->output;
  rendered.wall = done->wall;
  co_return rendered;
}

asio::awaitable<Result<RenderedChunk>> do_wanted(WantedChunk wanted, RenderWish wish) {
  if (auto folder = make_folder(wanted.target.folder); !folder) co_return folder.error();
  RenderTask task;
  task.product = RenderTask::Product::chunk;
  task.plan_key = plan_key(wanted.plan);
  task.replaces_anything = wanted.target.overwrite;
  task.plan = plan_of_chunk(wanted.plan, wanted.chunk, wanted.target.folder);
  // A first look without the lock: what is finished needs no executor.
  auto there = co_await look_at_chunk(task.plan, task.plan_key, task.replaces_anything);
  if (!there) co_return there.error();
  if (there->finished) co_return std::move(*there->finished);
  const auto ready = co_await ready_executor(wish.executor, wish.time_for(*task.plan.options));
  if (!ready) co_return ready.error();
  co_return co_await render_alone(std::move(task), std::move(wish));
}

/// A plan, and files that should be its chunks.
struct WantedJoin {
  RenderPlan plan;
  std::vector<std::filesystem::path> chunk_files;
};

asio::awaitable<Result<RenderResult>> join_wanted(WantedJoin wanted, RenderEvents events, RenderRun::Clock::time_point start) {
  auto chunks = FinishedChunks::find(wanted.plan, wanted.chunk_files);
  if (!chunks) co_return chunks.error();
  RenderTask task;
  task.plan = std::move(wanted.plan);
  task.at_once = chunks->capabilities().slots;
  task.composition_is_read = false;
  task.warnings = chunks->warnings();
  RenderWish wish{*chunks, std::move(events), start};
  co_return co_await render_by(std::move(task), std::move(wish));
}

Result<void> check(const RenderOptions& options) { return validate(options); }
Result<void> check(const WantedOptions& wanted) { return validate(wanted.options); }
Result<void> check(const WantedDescription& wanted) { return validate_for_page(wanted.options); }
Result<void> check(const RenderPlan& plan) { return check_plan(plan); }
Result<void> check(const WantedJoin& wanted) { return check_plan(wanted.plan); }
Result<void> check(const WantedChunk& wanted) {
  if (auto valid = check_plan(wanted.plan); !valid) return valid;
  const auto count = std::ssize(wanted.plan.chunks);
  if (wanted.chunk >= 0 && wanted.chunk < count) return check_chunk_folder(wanted.plan, wanted.target.folder);
  return invalid_options("chunk: there is no chunk " + std::to_string(wanted.chunk) + ", the plan has 0 ... " +
                         std::to_string(count - 1));
}

/// Checks what is wanted and does it on a strand of its own.
template <class T, class Wanted, class Work>
asio::awaitable<Result<T>> check_and_do(Wanted wanted, Work work) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error(Stage::start, "cancelled before it started");
  if (auto valid = check(wanted); !valid) co_return valid.error();
  auto strand = asio::make_strand(co_await asio::this_coro::executor);
  auto task = work(std::move(wanted));
  co_return co_await run_on(strand, std::move(task));
}

/// Does what is wanted with the executor: renders by options, by a plan or one chunk of it, or looks at a composition.
template <class T, class Wanted>
asio::awaitable<Result<T>> check_and_call(Wanted wanted, RenderExecutor& executor, RenderEvents events) {
  auto wish = std::make_shared<RenderWish>(RenderWish{executor, std::move(events), RenderRun::Clock::now()});
  return check_and_do<T>(std::move(wanted), [wish](Wanted checked) { return do_wanted(std::move(checked), std::move(*wish)); });
}

}  // namespace

RenderOrchestrator::RenderOrchestrator(RenderExecutor& executor) : executor_(&executor) {}
RenderOrchestrator::RenderOrchestrator(std::unique_ptr<RenderExecutor> executor)
    : owned_(std::move(executor)), executor_(owned_.get()) {}
RenderOrchestrator::~RenderOrchestrator() = default;
RenderOrchestrator::RenderOrchestrator(RenderOrchestrator&&) noexcept = default;
RenderOrchestrator& RenderOrchestrator::operator=(RenderOrchestrator&&) noexcept = default;

RenderExecutor& RenderOrchestrator::executor() noexcept { return *executor_; }

Result<RenderPlan> RenderOrchestrator::plan(const RenderOptions& options, const ExecutorCapabilities& capabilities) {
  return make_plan(options, std::max(capabilities.slots, capabilities.most_slots));
}

Result<RenderResult> RenderOrchestrator::render(const RenderOptions& options, const RenderEvents& events, std::stop_token stop) {
  return wait_for(async_render(options, events), stop);
}

Result<RenderResult> RenderOrchestrator::render(const RenderPlan& plan, const RenderEvents& events, std::stop_token stop) {
  return wait_for(async_render(plan, events), stop);
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_render(RenderOptions options, RenderEvents events) {
  return check_and_call<RenderResult>(std::move(options), *executor_, std::move(events));
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_render(RenderPlan plan, RenderEvents events) {
  return check_and_call<RenderResult>(std::move(plan), *executor_, std::move(events));
}

Result<CompositionDescription> RenderOrchestrator::describe(const RenderOptions& options, const RenderEvents& events,
                                                            std::stop_token stop) {
  return wait_for(async_describe(options, events), stop);
}

asio::awaitable<Result<CompositionDescription>> RenderOrchestrator::async_describe(RenderOptions options, RenderEvents events) {
  return check_and_call<CompositionDescription>(WantedDescription{std::move(options)}, *executor_, std::move(events));
}

Result<RenderOptions> RenderOrchestrator::complete(const RenderOptions& options, const RenderEvents& events,
                                                   std::stop_token stop) {
  return wait_for(async_complete(options, events), stop);
}

asio::awaitable<Result<RenderOptions>> RenderOrchestrator::async_complete(RenderOptions options, RenderEvents events) {
  return check_and_call<RenderOptions>(WantedOptions{std::move(options)}, *executor_, std::move(events));
}

Result<RenderedChunk> RenderOrchestrator::render_chunk(const RenderPlan& plan, int chunk, const ChunkTarget& target,
                                                       const RenderEvents& events, std::stop_token stop) {
  return wait_for(async_render_chunk(plan, chunk, target, events), stop);
}

asio::awaitable<Result<RenderedChunk>> RenderOrchestrator::async_render_chunk(RenderPlan plan, int chunk, ChunkTarget target,
                                                                              RenderEvents events) {
  WantedChunk wanted{std::move(plan), chunk, std::move(target)};
  return check_and_call<RenderedChunk>(std::move(wanted), *executor_, std::move(events));
}

Result<RenderResult> RenderOrchestrator::assemble(const RenderPlan& plan, std::vector<std::filesystem::path> chunk_files,
                                                  const RenderEvents& events, std::stop_token stop) {
  return wait_for(async_assemble(plan, std::move(chunk_files), events), stop);
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_assemble(RenderPlan plan,
                                                                         std::vector<std::filesystem::path> chunk_files,
                                                                         RenderEvents events) {
  const auto start = RenderRun::Clock::now();
  WantedJoin wanted{std::move(plan), std::move(chunk_files)};
  return check_and_do<RenderResult>(std::move(wanted), [events = std::move(events), start](WantedJoin checked) {
    return join_wanted(std::move(checked), events, start);
  });
}

void v0::detail::start_render(const asio::any_io_executor& executor, asio::awaitable<Result<RenderResult>> render,
                              asio::cancellation_slot slot, RenderDone done) {
  auto finished = [done = std::move(done)](const std::exception_ptr& thrown, Result<RenderResult> result) {
    done(thrown ? Result<RenderResult>(unexpected(thrown)) : std::move(result));
  };
  spawn_on(asio::make_strand(executor), std::move(render), slot, std::move(finished));
}

}  // namespace orchestrator
