#include <orchestrator/async_render.hpp>

#include "async/run_on.hpp"
#include "plan/check_plan.hpp"
#include "plan/make_plan.hpp"
#include "render/ready_executor.hpp"
#include "render/render_run.hpp"
#include "render/unexpected.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <optional>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// What a render has besides its options or plan.
struct RenderWish {
  RenderExecutor& executor;
  RenderEvents events;
  RenderRun::Clock::time_point start;
};

// The following run on the render's strand, where the RenderRun has to be made and destroyed.

asio::awaitable<Result<RenderResult>> render_by(RenderPlan plan, RenderRun::Slots slots, int at_once, RenderWish wish) {
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  RenderRun run(strand, wish.executor, std::move(plan), slots, at_once, std::move(wish.events), wish.start);
  co_return co_await run.run();
}

asio::awaitable<Result<RenderResult>> render_wanted(RenderPlan plan, RenderWish wish) {
  const auto ready = co_await ready_executor(wish.executor, wish.start, plan.options->timeouts.total);
  if (!ready) co_return ready.error();
  const int at_once = plan.workers;
  co_return co_await render_by(std::move(plan), RenderRun::Slots::planned, at_once, std::move(wish));
}

asio::awaitable<Result<RenderResult>> render_wanted(RenderOptions options, RenderWish wish) {
  const auto ready = co_await ready_executor(wish.executor, wish.start, options.timeouts.total);
  if (!ready) co_return ready.error();
  auto plan = RenderOrchestrator::plan(options, *ready);
  if (!plan) co_return plan.error();
  const bool is_fixed = options.chunking.workers > 0;
  const auto slots = is_fixed ? RenderRun::Slots::planned : RenderRun::Slots::watched;
  const int at_once = is_fixed ? plan->workers : std::min(plan->workers, ready->slots);
  co_return co_await render_by(std::move(*plan), slots, at_once, std::move(wish));
}

Result<void> check(const RenderOptions& options) { return validate(options); }
Result<void> check(const RenderPlan& plan) { return check_plan(plan); }

/// Checks what is wanted, by options or by a plan, and renders it on a strand of its own.
template <class Wanted>
asio::awaitable<Result<RenderResult>> check_and_render(Wanted wanted, RenderExecutor& executor, RenderEvents events) {
  RenderWish wish{executor, std::move(events), RenderRun::Clock::now()};
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error(Stage::start, "cancelled before it started");
  if (auto valid = check(wanted); !valid) co_return valid.error();
  auto strand = asio::make_strand(co_await asio::this_coro::executor);
  co_return co_await run_on(strand, render_wanted(std::move(wanted), std::move(wish)));
}

/// Runs the loop of one blocking render until `render` has ended.
Result<RenderResult> wait_for(asio::io_context& context, asio::awaitable<Result<RenderResult>> render,
                              const std::stop_token& stop) {
  asio::cancellation_signal cancel;  // outlives the operations it can cancel
  std::optional<Result<RenderResult>> outcome;
  auto done = [&](const std::exception_ptr& thrown, Result<RenderResult> result) {
    if (thrown) std::rethrow_exception(thrown);
    outcome = std::move(result);
  };
  asio::co_spawn(context, std::move(render), asio::bind_cancellation_slot(cancel.slot(), done));
  // Signals are not thread-safe: the request is posted to the loop, never emitted from the requesting thread.
  const std::stop_callback on_stop(stop, [&] { asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); }); });
  std::exception_ptr thrown;
  for (bool over = false; !over;) {
    try {
      context.run();
      over = true;
    } catch (...) {  // a defect: cancel and run on, because other threads still refer to this loop
      thrown = std::current_exception();
      cancel.emit(asio::cancellation_type::terminal);
    }
  }
  if (thrown) return unexpected(thrown);
  return std::move(*outcome);
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
  asio::io_context context(1);
  return wait_for(context, async_render(options, events), stop);
}

Result<RenderResult> RenderOrchestrator::render(const RenderPlan& plan, const RenderEvents& events, std::stop_token stop) {
  asio::io_context context(1);
  return wait_for(context, async_render(plan, events), stop);
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_render(RenderOptions options, RenderEvents events) {
  return check_and_render(std::move(options), *executor_, std::move(events));
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_render(RenderPlan plan, RenderEvents events) {
  return check_and_render(std::move(plan), *executor_, std::move(events));
}

void detail::start_render(const asio::any_io_executor& executor, asio::awaitable<Result<RenderResult>> render,
                          asio::cancellation_slot slot, RenderDone done) {
  auto finished = [done = std::move(done)](const std::exception_ptr& thrown, Result<RenderResult> result) {
    done(thrown ? Result<RenderResult>(unexpected(thrown)) : std::move(result));
  };
  spawn_on(asio::make_strand(executor), std::move(render), slot, std::move(finished));
}

}  // namespace orchestrator
