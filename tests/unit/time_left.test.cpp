#include "orchestrator/time_left.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::tool;
using namespace std::chrono_literals;

TEST_CASE("time left: getting ready is taken off the limit, and 0 stays no limit") {
  const auto an_hour_ago = std::chrono::steady_clock::now() - 1h;
  const auto left = time_left(3h, an_hour_ago);
  REQUIRE(left.has_value());
  CHECK(*left <= 2h);
  CHECK(time_left(0ms, an_hour_ago).value() == 0ms);
}

TEST_CASE("time left: getting ready that took all the time is an error, which says how long it took") {
  const auto left = time_left(1min, std::chrono::steady_clock::now() - 1h);
  REQUIRE_FALSE(left.has_value());
  CHECK(left.error().code == Errc::timed_out);
  CHECK(contains(left.error().detail, "not done after 60000 ms (timeouts.total): getting ready took 36"));
}
