#include "async/run_on.hpp"

#include "support/await.hpp"
#include "support/cancel.hpp"

#include <orchestrator/worker/loop_thread.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A loop with a thread of its own.
class Elsewhere {
 public:
  ~Elsewhere() {
    guard_.reset();
    thread_.join();
  }
  asio::io_context::executor_type executor() { return loop_.get_executor(); }
  std::thread::id id() const { return thread_.get_id(); }

 private:
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_{loop_.get_executor()};
  std::thread thread_{[this] { loop_.run(); }};
};

/// An executor that another thread than its loop's is slow to let go of.
class SlowToRelease {
 public:
  SlowToRelease(asio::io_context& loop, std::thread::id home) : loop_(&loop), home_(home) {}
  SlowToRelease(const SlowToRelease&) = default;
  SlowToRelease& operator=(const SlowToRelease&) = default;
  ~SlowToRelease() {
    if (std::this_thread::get_id() == home_) return;
    std::this_thread::sleep_for(20ms);
    ++released_elsewhere;
  }
  asio::execution_context& query(asio::execution::context_t) const noexcept { return *loop_; }
  static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  template <class Work>
  void execute(Work&& work) const {
    loop_->get_executor().execute(std::forward<Work>(work));
  }
  friend bool operator==(const SlowToRelease& one, const SlowToRelease& other) noexcept { return one.loop_ == other.loop_; }
  friend bool operator!=(const SlowToRelease& one, const SlowToRelease& other) noexcept { return !(one == other); }

  static inline std::atomic<int> released_elsewhere{0};

 private:
  asio::io_context* loop_;
  std::thread::id home_;
};

asio::awaitable<std::thread::id> where_am_i() { co_return std::this_thread::get_id(); }

asio::awaitable<std::string> wait_for(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await asio::this_coro::throw_if_cancelled(false);
  boost::system::error_code ended;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  co_return ended ? "cancelled" : "waited";
}

asio::awaitable<int> throwing() {
  throw std::runtime_error("over there");
  co_return 1;
}

}  // namespace

TEST_CASE("run on: the task runs there, its caller goes on here", "[schedule]") {
  Elsewhere elsewhere;
  const auto work = [&]() -> asio::awaitable<bool> {
    const auto there = co_await run_on(elsewhere.executor(), where_am_i());
    co_return there == elsewhere.id() && std::this_thread::get_id() != there;
  };
  CHECK(await(work()));
}

TEST_CASE("run on: exceptions come back", "[schedule]") {
  Elsewhere elsewhere;
  CHECK_THROWS_WITH(await(run_on(elsewhere.executor(), throwing())), "over there");
}

TEST_CASE("run on: a cancellation reaches the task", "[schedule]") {
  Elsewhere elsewhere;
  asio::io_context context;
  CHECK(await_cancelled(context, run_on(elsewhere.executor(), wait_for(60s)), 20ms) == "cancelled");
}

TEST_CASE("run on: a cancellation that came before reaches the task, too", "[schedule]") {
  Elsewhere elsewhere;
  asio::io_context context;
  CHECK(await_cancelled(context, once_cancelled(run_on(elsewhere.executor(), wait_for(60s))), 10ms) == "cancelled");
}

TEST_CASE("run on: a cancellation at the very moment the task ends is no trouble", "[schedule]") {
  Elsewhere elsewhere;
  for (int i = 0; i < 200; ++i) {
    asio::io_context context;
    const auto outcome = await_cancelled(context, run_on(elsewhere.executor(), wait_for(2ms)), 2ms);
    CHECK((outcome == "cancelled" || outcome == "waited"));
  }
}

TEST_CASE("run on: its caller goes on when the other thread has let go of the caller's executor", "[schedule]") {
  asio::io_context loop;
  int released = -1;
  {
    Elsewhere elsewhere;
    const auto work = [&]() -> asio::awaitable<void> {
      co_await run_on(elsewhere.executor(), where_am_i());
      released = SlowToRelease::released_elsewhere;
    };
    const auto kept = asio::make_work_guard(loop);
    asio::co_spawn(asio::any_io_executor(SlowToRelease(loop, std::this_thread::get_id())), work(),
                   [&](const std::exception_ptr&) { loop.stop(); });
    loop.run();
  }
  CHECK(released > 0);
  CHECK(released == SlowToRelease::released_elsewhere);
}

TEST_CASE("loop thread: what a task throws that nobody waits for ends neither the program nor the other tasks", "[schedule]") {
  LoopThread elsewhere;
  asio::post(elsewhere.executor(), [] { throw std::runtime_error("nobody hears this"); });
  std::thread::id ran_on;
  const auto work = [&]() -> asio::awaitable<Result<void>> {
    ran_on = std::this_thread::get_id();
    co_return Result<void>{};
  };
  CHECK(await(elsewhere.run(work())).has_value());
  CHECK((ran_on != std::thread::id() && ran_on != std::this_thread::get_id()));
}
