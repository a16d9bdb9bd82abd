#include <orchestrator/render_orchestrator.hpp>

#include "async/cancelled.hpp"
#include "async/run_on.hpp"
#include "base/exception_text.hpp"
#include "plan/make_plan.hpp"
#include "render/render_run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <optional>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// Prepares the executor and returns its capabilities. Executors are the user's code, so they may throw.
asio::awaitable<Result<ExecutorCapabilities>> ready_executor(RenderExecutor& executor) {
  std::string thrown;
  try {
    auto prepared = co_await executor.prepare();
    if (!prepared) co_return prepared.error();
    co_return executor.capabilities();
  } catch (...) {
    thrown = exception_text(std::current_exception());
  }
  co_await asio::this_coro::throw_if_cancelled(false);
  if (co_await is_cancelled()) co_return cancelled_error(Stage::start, "cancelled before it started");
  co_return Error{.code = Errc::internal, .detail = "the executor threw while it was prepared: " + thrown, .stage = Stage::start};
}

/// Runs on the render's strand, where the RenderRun has to be made and destroyed.
asio::awaitable<Result<RenderResult>> run(RenderExecutor& executor, RenderPlan plan, RenderEvents events,
                                          RenderRun::Clock::time_point start) {
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  RenderRun render(strand, executor, std::move(plan), std::move(events), start);
  co_return co_await render.run();
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
  return make_plan(options, capabilities.slots);
}

Result<RenderResult> RenderOrchestrator::render(const RenderOptions& options, const RenderEvents& events, std::stop_token stop) {
  asio::cancellation_signal cancel;  // outlives the operations it can cancel
  asio::io_context context(1);
  std::optional<Result<RenderResult>> outcome;
  auto done = [&](const std::exception_ptr& thrown, Result<RenderResult> result) {
    if (thrown) std::rethrow_exception(thrown);
    outcome = std::move(result);
  };
  asio::co_spawn(context, async_render(options, events), asio::bind_cancellation_slot(cancel.slot(), done));
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
  if (thrown) return Error{.code = Errc::internal, .detail = "an exception left the render: " + exception_text(thrown)};
  return std::move(*outcome);
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_render(RenderOptions options, RenderEvents events) {
  const auto start = RenderRun::Clock::now();
  co_await asio::this_coro::throw_if_cancelled(false);
  if (co_await is_cancelled()) co_return cancelled_error(Stage::start, "cancelled before it started");
  if (auto valid = validate(options); !valid) co_return valid.error();
  const auto capabilities = co_await ready_executor(*executor_);
  if (!capabilities) co_return capabilities.error();
  auto plan = RenderOrchestrator::plan(options, *capabilities);
  if (!plan) co_return plan.error();
  auto strand = asio::make_strand(co_await asio::this_coro::executor);
  co_return co_await run_on(strand, run(*executor_, std::move(*plan), std::move(events), start));
}

}  // namespace orchestrator
