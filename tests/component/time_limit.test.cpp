#include "ssh/time_limit.hpp"

#include "support/await.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <optional>
#include <thread>

using namespace orchestrator;
using namespace std::chrono_literals;

TEST_CASE("time limit: once lifted it kills nothing, even if its time had come", "[process]") {
  boost::asio::io_context context;
  auto child = ChildProcess::spawn(context.get_executor(), {.argv = {"sleep", "60"}});
  REQUIRE(child.has_value());
  std::optional<TimeLimit> limit(std::in_place, context.get_executor(), *child, 1ms);
  std::this_thread::sleep_for(20ms);
  // The timer's handler is due now, and behind this one, as when a loop goes on after a stop (SIGSTOP).
  boost::asio::post(context, [&] { limit.reset(); });
  ChildProcess moved = std::move(*child);
  context.run_for(50ms);
  CHECK(moved.running());
}

TEST_CASE("time limit: a process that takes longer is killed", "[process]") {
  boost::asio::io_context context;
  auto child = ChildProcess::spawn(context.get_executor(), {.argv = {"sleep", "60"}});
  REQUIRE(child.has_value());
  const TimeLimit limit(context.get_executor(), *child, 1ms);
  const auto status = test::await(context, child->wait());
  REQUIRE(status.has_value());
  CHECK(status->signal == SIGKILL);
}
