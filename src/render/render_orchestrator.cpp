#include <orchestrator/render_orchestrator.hpp>

#include "async/cancelled.hpp"
#include "async/run_on.hpp"
#include "plan/make_plan.hpp"
#include "render/run_render.hpp"

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

RenderOrchestrator::RenderOrchestrator(RenderExecutor& executor) : executor_(&executor) {}
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
    } catch (...) {  // a callback threw: wind up in order, what runs elsewhere still refers to this loop
      thrown = std::current_exception();
      cancel.emit(asio::cancellation_type::terminal);
    }
  }
  if (thrown) return Error{.code = Errc::internal, .detail = "a callback of RenderEvents threw an exception"};
  return std::move(*outcome);
}

asio::awaitable<Result<RenderResult>> RenderOrchestrator::async_render(RenderOptions options, RenderEvents events) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (co_await is_cancelled()) co_return Error{.code = Errc::cancelled, .detail = "cancelled before it started"};
  if (auto valid = validate(options); !valid) co_return valid.error();
  auto prepared = co_await executor_->prepare();
  if (!prepared) co_return prepared.error();
  auto plan = RenderOrchestrator::plan(options, executor_->capabilities());
  if (!plan) co_return plan.error();
  auto strand = asio::make_strand(co_await asio::this_coro::executor);
  co_return co_await run_on(strand, run_render(*executor_, std::move(*plan), std::move(events)));
}

}  // namespace orchestrator
