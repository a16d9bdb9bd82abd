#include <orchestrator/async_render.hpp>

#include "support/cancel.hpp"
#include "support/farm.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <catch2/catch.hpp>

#include <optional>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using Outcome = std::optional<Result<RenderResult>>;

void run_with_threads(asio::io_context& context, int count) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&] { context.run(); });
}

auto keep_in(Outcome& outcome) {
  return [&outcome](const std::exception_ptr& thrown, Result<RenderResult> result) {
    if (!thrown) outcome = std::move(result);
  };
}

}  // namespace

TEST_CASE("async render: several renders share one object, one loop and its threads", "[render]") {
  RenderSetup first, second;
  Farm farm(2, encode_job);
  RenderOrchestrator orchestrator(farm);
  asio::io_context context;
  Outcome one, two;
  std::atomic<int> inside{0};
  std::atomic<bool> alone{true};
  RenderEvents events;
  events.on_progress = [&](const Progress&) {  // called one at a time for a render
    alone = alone && ++inside == 1;
    --inside;
  };
  asio::co_spawn(context, orchestrator.async_render(first.options, events), keep_in(one));
  asio::co_spawn(context, orchestrator.async_render(second.options), keep_in(two));
  run_with_threads(context, 4);
  REQUIRE((one && one->has_value()));
  REQUIRE((two && two->has_value()));
  CHECK(alone);
  CHECK(first.left() == std::vector<std::string>{"film.mp4"});
  CHECK(second.left() == std::vector<std::string>{"film.mp4"});
}

TEST_CASE("async render: cancelled through its slot, on several threads", "[render]") {
  RenderSetup setup;
  Farm farm(2, hang);
  RenderOrchestrator orchestrator(farm);
  asio::io_context context;
  auto strand = asio::make_strand(context);
  asio::cancellation_signal cancel;
  asio::steady_timer timer(strand, 100ms);
  timer.async_wait([&](boost::system::error_code) { cancel.emit(asio::cancellation_type::terminal); });
  Outcome outcome;
  asio::co_spawn(strand, orchestrator.async_render(setup.options), asio::bind_cancellation_slot(cancel.slot(), keep_in(outcome)));
  run_with_threads(context, 4);
  REQUIRE(outcome.has_value());
  REQUIRE_FALSE(outcome->has_value());
  CHECK(outcome->error().code == Errc::cancelled);
  CHECK(farm.running() == 0);
  CHECK(setup.left().empty());
}

TEST_CASE("async render: cancelled before it began, it ends with a value and without a chunk", "[render]") {
  RenderSetup setup;
  Farm farm(2, hang);
  RenderOrchestrator orchestrator(farm);
  asio::io_context context;
  const auto result = await_cancelled(context, once_cancelled(orchestrator.async_render(setup.options)), 10ms);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::cancelled);
  CHECK(farm.started == 0);
}

TEST_CASE("async render: a cancellation right behind its start ends it", "[render]") {
  RenderSetup setup;
  Farm farm(2, hang);
  RenderOrchestrator orchestrator(farm);
  asio::io_context context;
  const auto result = await_cancelled(context, orchestrator.async_render(setup.options), 0ms);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::cancelled);
  CHECK(setup.left().empty());
}

TEST_CASE("async render: cancelled at any moment, it ends and leaves nothing half done", "[render]") {
  for (int delay_ms = 0; delay_ms < 400; delay_ms += 40) {
    RenderSetup setup;
    Farm farm(2, encode_job);
    RenderOrchestrator orchestrator(farm);
    asio::io_context context;
    auto strand = asio::make_strand(context);
    asio::cancellation_signal cancel;
    asio::steady_timer timer(strand, std::chrono::milliseconds(delay_ms));
    timer.async_wait([&](boost::system::error_code) { cancel.emit(asio::cancellation_type::terminal); });
    Outcome outcome;
    asio::co_spawn(strand, orchestrator.async_render(setup.options),
                   asio::bind_cancellation_slot(cancel.slot(), keep_in(outcome)));
    run_with_threads(context, 2);
    CAPTURE(delay_ms);
    REQUIRE(outcome.has_value());
    const bool done = outcome->has_value();
    if (!done) CHECK(outcome->error().code == Errc::cancelled);
    CHECK(setup.left() == (done ? std::vector<std::string>{"film.mp4"} : std::vector<std::string>{}));
    CHECK(farm.running() == 0);
  }
}

TEST_CASE("async render: completes any token, on the token's executor", "[render]") {
  RenderSetup setup;
  setup.options.overwrite = true;
  Farm farm(2, encode_job);
  RenderOrchestrator orchestrator(farm);
  asio::io_context context;
  Outcome outcome;
  SECTION("a callback that can only be moved") {
    auto owned = std::make_unique<int>(7);
    async_render(context.get_executor(), orchestrator, setup.options, {},
                 [&outcome, owned = std::move(owned)](Result<RenderResult> result) { outcome = std::move(result); });
    run_with_threads(context, 2);
  }
  SECTION("a callback bound to a loop of its own") {
    asio::io_context own;
    auto done = [&](Result<RenderResult> result) {
      CHECK(own.get_executor().running_in_this_thread());
      outcome = std::move(result);
    };
    async_render(context.get_executor(), orchestrator, setup.options, {}, asio::bind_executor(own.get_executor(), done));
    const std::jthread renders([&] { context.run(); });
    own.run();
  }
  SECTION("a future") {
    asio::thread_pool pool(2);
    outcome = async_render(pool.get_executor(), orchestrator, setup.options, {}, asio::use_future).get();
  }
  SECTION("a coroutine, with a plan") {
    auto plan = RenderOrchestrator::plan(setup.options);
    REQUIRE(plan.has_value());
    outcome = await(context, async_render(context.get_executor(), orchestrator, *plan, RenderEvents{}, asio::use_awaitable));
  }
  REQUIRE(outcome.has_value());
  CHECK(outcome->has_value());
}

TEST_CASE("async render: a token's cancellation slot ends it from another thread", "[render]") {
  RenderSetup setup;
  Farm farm(2, hang);
  RenderOrchestrator orchestrator(farm);
  asio::thread_pool pool(2);
  asio::io_context here;
  asio::cancellation_signal cancel;
  Outcome outcome;
  auto done = [&](Result<RenderResult> result) { outcome = std::move(result); };
  async_render(pool.get_executor(), orchestrator, setup.options, {},
               asio::bind_cancellation_slot(cancel.slot(), asio::bind_executor(here.get_executor(), done)));
  asio::steady_timer timer(here, 300ms);
  timer.async_wait([&](boost::system::error_code) { cancel.emit(asio::cancellation_type::terminal); });
  here.run();
  REQUIRE(outcome.has_value());
  REQUIRE_FALSE(outcome->has_value());
  CHECK(outcome->error().code == Errc::cancelled);
  CHECK(setup.left().empty());
}
