#include "render/ready_executor.hpp"

#include "render/executor_call.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

struct Preparation {
  RenderExecutor& executor;
  asio::steady_timer limit;
  std::optional<Result<ExecutorCapabilities>> outcome{};
  bool late{false};
  TaskGroup tasks;  // the last member, because its coroutines use all others
};

asio::awaitable<Result<ExecutorCapabilities>> prepared(RenderExecutor& executor) {
  auto done = co_await executor.prepare();
  if (!done) co_return done.error();
  co_return executor.capabilities();
}

asio::awaitable<void> prepare(Preparation& preparation) {
  Error threw{.code = Errc::internal, .detail = "the executor threw while it was prepared", .stage = Stage::start};
  Error cancelled = cancelled_error(Stage::start, "cancelled before it started");
  auto call = prepared(preparation.executor);
  preparation.outcome = co_await executor_call(std::move(call), std::move(threw), std::move(cancelled));
  preparation.limit.cancel();
}

asio::awaitable<void> watch(Preparation& preparation) {
  co_await asio::this_coro::throw_if_cancelled(false);
  boost::system::error_code ended;
  co_await preparation.limit.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (ended || preparation.outcome) co_return;
  preparation.late = true;
  preparation.tasks.cancel_all();
}

}  // namespace

asio::awaitable<Result<ExecutorCapabilities>> ready_executor(RenderExecutor& executor,
                                                             std::chrono::steady_clock::time_point start,
                                                             std::chrono::milliseconds limit) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  Preparation preparation{
      .executor = executor,
      .limit = asio::steady_timer(strand, limit.count() > 0 ? start + limit : asio::steady_timer::time_point::max()),
      .tasks = TaskGroup(strand)};
  preparation.tasks.spawn(watch(preparation));
  preparation.tasks.spawn(prepare(preparation));
  co_await preparation.tasks.wait_or_cancel();
  if (!preparation.late || *preparation.outcome) co_return std::move(*preparation.outcome);
  co_return Error{
      .code = Errc::timed_out,
      .detail = "not done after " + std::to_string(limit.count()) + " ms (timeouts.total): the executor was not ready yet",
      .stage = Stage::start};
}

}  // namespace orchestrator
