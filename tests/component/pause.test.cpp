#include <orchestrator/worker/cancellation.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::test;
using namespace std::chrono_literals;

TEST_CASE("pause: it lasts as long as was said", "[process]") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(await(orchestrator::pause(20ms)));
  CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}

TEST_CASE("pause: a cancellation ends it, also one that came before it", "[process]") {
  boost::asio::io_context context;
  CHECK_FALSE(await_cancelled(context, orchestrator::pause(10min), 20ms));
  CHECK_FALSE(await_cancelled(context, once_cancelled(orchestrator::pause(10min)), 1ms));
}
