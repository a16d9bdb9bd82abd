#include "lambda/executor/invocation_pace.hpp"

#include <catch2/catch.hpp>

using orchestrator::InvocationPace;
using orchestrator::refusal_of;
using namespace std::chrono_literals;
using Refusal = InvocationPace::Refusal;

namespace {

const InvocationPace::Time start(1h);

}  // namespace

TEST_CASE("invocation pace: nothing starts before the time that the service asked for", "[lambda]") {
  InvocationPace pace(8);
  pace.started();
  pace.started();
  CHECK(pace.refused(Refusal::concurrency, start, start, 0.0, 7s) == 7s);
  CHECK(pace.running() == 1);
  CHECK_FALSE(pace.may_start(start + 6s));
  pace.failed();
  CHECK_FALSE(pace.may_start(start + 6s));
  CHECK(pace.may_start(start + 7s));
}

TEST_CASE("invocation pace: a service that asks for a day is asked again after a minute", "[lambda]") {
  InvocationPace pace(8);
  pace.started();
  pace.refused(Refusal::concurrency, start, start, 0.5, 24h);
  CHECK_FALSE(pace.may_start(start + 59s));
  CHECK(pace.may_start(start + 60s));
}

TEST_CASE("invocation pace: a refusal for the rate does not lower how many may run", "[lambda]") {
  InvocationPace pace(8);
  for (int i = 0; i < 8; ++i) pace.started();
  for (int i = 0; i < 3; ++i) pace.refused(Refusal::rate, start, start, 0.5, {});
  CHECK(pace.running() == 5);
  CHECK(pace.limit() == 8);
}

TEST_CASE("invocation pace: while something of ours runs, its end is the time to ask again", "[lambda]") {
  InvocationPace pace(8);
  for (int i = 0; i < 8; ++i) pace.started();
  for (int i = 0; i < 5; ++i) pace.refused(Refusal::concurrency, start, start, 0.9, {});
  CHECK(pace.limit() == 3);
  CHECK_FALSE(pace.may_start(start));
  pace.succeeded();
  CHECK(pace.may_start(start));
}

TEST_CASE("invocation pace: a service that takes nothing of ours is asked by one, ever more rarely, until it takes that",
          "[lambda]") {
  InvocationPace pace(100);
  for (int i = 0; i < 100; ++i) pace.started();
  auto now = start;
  auto delay = 0ms;
  for (int i = 0; i < 100; ++i) delay = pace.refused(Refusal::concurrency, start, now, 1.0, {});
  CHECK(delay == 1s);  // a burst is one round
  for (const auto next : {2s, 4s, 8s, 16s, 20s, 20s}) {
    CHECK_FALSE(pace.may_start(now + delay - 1ms));
    now += delay;
    REQUIRE(pace.may_start(now));
    pace.started();
    CHECK_FALSE(pace.may_start(now));
    delay = pace.refused(Refusal::concurrency, now, now, 1.0, {});
    CHECK(delay == next);
  }
  now += delay;
  pace.started();
  pace.accepted();
  CHECK(pace.limit() == 3);
  pace.started();
  pace.started();
  pace.accepted();
  pace.accepted();
  CHECK(pace.limit() == 7);
}

TEST_CASE("invocation pace: AWS's reasons tell what is exceeded", "[lambda]") {
  for (const char* reason :
       {"CallerRateLimitExceeded", "FunctionInvocationRateLimitExceeded", "ReservedFunctionInvocationRateLimitExceeded"}) {
    CHECK(refusal_of(reason) == Refusal::rate);
  }
  for (const char* reason :
       {"", "ConcurrentInvocationLimitExceeded", "ReservedFunctionConcurrentInvocationLimitExceeded", "what comes later"}) {
    CHECK(refusal_of(reason) == Refusal::concurrency);
  }
}
