#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

namespace detail {

using RenderDone = std::function<void(Result<RenderResult>)>;

/// Runs `render` on a strand of `executor` and calls `done` there. A terminal cancellation through `slot` may come from the
/// thread that owns the slot.
void start_render(const boost::asio::any_io_executor& executor, Awaitable<Result<RenderResult>> render,
                  boost::asio::cancellation_slot slot, RenderDone done);

}  // namespace detail

/// As RenderOrchestrator::async_render(job, events), started on `executor`, for any completion token: a callback, use_future,
/// deferred, use_awaitable. `Job` is RenderOptions or RenderPlan.
///
/// Signature: void(Result<RenderResult>). Cancellation: terminal, through the token's cancellation slot; completes with
/// Errc::cancelled. Lifetime: `orchestrator` must live, and the loop behind `executor` must run, until the completion.
template <class Job, class CompletionToken>
auto async_render(const boost::asio::any_io_executor& executor, RenderOrchestrator& orchestrator, Job job, RenderEvents events,
                  CompletionToken&& token) {
  namespace asio = boost::asio;
  auto initiate = [](auto handler, const asio::any_io_executor& where, Awaitable<Result<RenderResult>> render) {
    const auto slot = asio::get_associated_cancellation_slot(handler);
    auto work = asio::make_work_guard(asio::get_associated_executor(handler, where));
    // Handlers may be only movable, which std::function does not take.
    auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    detail::start_render(where, std::move(render), slot, [kept, work = std::move(work)](Result<RenderResult> result) {
      asio::dispatch(work.get_executor(), [kept, result = std::move(result)]() mutable { std::move (*kept)(std::move(result)); });
    });
  };
  return asio::async_initiate<CompletionToken, void(Result<RenderResult>)>(
      std::move(initiate), token, executor, orchestrator.async_render(std::move(job), std::move(events)));
}

}  // namespace v0
}  // namespace orchestrator
