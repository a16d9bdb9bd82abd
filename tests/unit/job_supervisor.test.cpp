#include "lambda/function/job_supervisor.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "support/await.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::lambda;
using namespace orchestrator::test;
namespace asio = boost::asio;

namespace {

constexpr std::chrono::hours for_ever{24};

asio::awaitable<Result<int>> ends_with(int result) { co_return result; }

/// Ends when it is cancelled.
asio::awaitable<void> wait_for_cancellation() {
  co_await asio::this_coro::throw_if_cancelled(false);
  asio::steady_timer timer(co_await asio::this_coro::executor, for_ever);
  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<Result<int>> ends_when_cancelled() {
  co_await wait_for_cancellation();
  co_return Error{.code = Errc::cancelled, .detail = "cancelled"};
}

/// As a watcher whose request was answered in the moment in which the job ended.
asio::awaitable<void> stop_after_the_end(JobSupervisor& supervisor) {
  co_await wait_for_cancellation();
  supervisor.stop({.code = Errc::executor_unavailable, .detail = "too late"});
}

asio::awaitable<void> stop_at_once(JobSupervisor& supervisor) {
  co_await asio::post(asio::use_awaitable);
  supervisor.stop({.code = Errc::executor_unavailable, .detail = "first"});
  supervisor.stop({.code = Errc::executor_unavailable, .detail = "second"});
}

}  // namespace

TEST_CASE("job supervisor: a job that is stopped ends with the first reason") {
  asio::io_context context(1);
  JobSupervisor supervisor(context.get_executor());
  supervisor.watch(stop_at_once(supervisor));
  const auto end = await(context, supervisor.run(ends_when_cancelled()));
  REQUIRE_FALSE(end.has_value());
  CHECK(end.error().detail == "first");
}

TEST_CASE("job supervisor: a stop that comes when the job has ended changes nothing, and nothing waits for it") {
  asio::io_context context(1);
  JobSupervisor supervisor(context.get_executor());
  supervisor.watch(stop_after_the_end(supervisor));
  supervisor.watch(call_every(std::chrono::hours(1), [] {}));
  CHECK(await(context, supervisor.run(ends_with(7))).value() == 7);
}
