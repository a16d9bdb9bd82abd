#include "lambda/executor/concurrency_limit.hpp"

#include <catch2/catch.hpp>

using orchestrator::ConcurrencyLimit;

namespace {

/// Starts whatever may start against a service that runs `capacity` at a time and refuses the rest; how many it refused.
int fill(ConcurrencyLimit& limit, int capacity) {
  int refused = 0;
  while (limit.may_start()) {
    limit.started();
    refused += limit.running() > capacity ? 1 : 0;
  }
  for (int i = 0; i < refused; ++i) limit.refused();
  return refused;
}

}  // namespace

TEST_CASE("concurrency limit: without throttling everything that is allowed runs", "[lambda]") {
  ConcurrencyLimit limit(7);
  for (int i = 0; i < 7; ++i) {
    REQUIRE(limit.may_start());
    limit.started();
  }
  CHECK_FALSE(limit.may_start());
  limit.succeeded();
  CHECK(limit.may_start());
  limit.failed();
  CHECK(limit.running() == 5);
  CHECK(limit.limit() == 7);
}

TEST_CASE("concurrency limit: a burst of refusals leads to what the service takes, not to one", "[lambda]") {
  ConcurrencyLimit limit(1000);
  CHECK(fill(limit, 10) == 990);
  CHECK(limit.running() == 10);
  CHECK(limit.limit() == 10);
}

TEST_CASE("concurrency limit: it stays near the service's capacity, whatever that is, and is never 0", "[lambda]") {
  for (const int capacity : {1, 2, 10, 64, 300}) {
    CAPTURE(capacity);
    ConcurrencyLimit limit(1000);
    int refused = 0;
    for (int round = 0; round < 50; ++round) {
      refused += fill(limit, capacity);
      CHECK(limit.limit() >= 1);
      while (limit.running() > 0) limit.succeeded();
    }
    CHECK(limit.limit() >= capacity / 2);
    CHECK(limit.limit() <= capacity * 2 + 2);
    CHECK(refused < 1000 + 50 * (capacity / 2 + 2));
  }
}
