#include "lambda/aws/retry.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace orchestrator::aws;
using namespace std::chrono_literals;
using Kind = HttpFailure::Kind;

TEST_CASE("retry: what AWS answers, by status and name", "[aws]") {
  struct Row {
    int status;
    const char* name;
    RetryClass what;
  };
  const std::vector<Row> rows{{429, "TooManyRequestsException", RetryClass::throttled},
                              {429, "", RetryClass::throttled},
                              {503, "SlowDown", RetryClass::throttled},
                              {502, "EC2ThrottledException", RetryClass::throttled},
                              {400, "ThrottlingException", RetryClass::throttled},
                              {500, "ServiceException", RetryClass::transient},
                              {502, "", RetryClass::transient},
                              {503, "", RetryClass::transient},
                              {504, "", RetryClass::transient},
                              {400, "RequestTimeout", RetryClass::transient},
                              {409, "ConditionalRequestConflict", RetryClass::transient},
                              {409, "SnapStartNotReadyException", RetryClass::transient},
                              {403, "RequestTimeTooSkewed", RetryClass::clock_skew},
                              {403, "InvalidSignatureException", RetryClass::clock_skew},
                              {403, "AccessDenied", RetryClass::permanent},
                              {404, "NoSuchKey", RetryClass::permanent},
                              {412, "PreconditionFailed", RetryClass::permanent},
                              {413, "RequestTooLargeException", RetryClass::permanent},
                              {501, "", RetryClass::permanent}};
  for (const Row& row : rows) {
    INFO(row.status << " " << row.name);
    CHECK(classify(row.status, row.name) == row.what);
  }
}

TEST_CASE("retry: a broken connection is tried again, a wrong request or certificate is not", "[aws]") {
  for (const Kind kind : {Kind::unreachable, Kind::silent, Kind::interrupted}) CHECK(classify(kind) == RetryClass::transient);
  for (const Kind kind : {Kind::refused, Kind::untrusted, Kind::too_large, Kind::stopped, Kind::cancelled}) {
    CHECK(classify(kind) == RetryClass::permanent);
  }
}

TEST_CASE("retry: the back-off doubles up to its ceiling, with jitter over all of it", "[aws]") {
  const auto transient = [](int retry, double random) { return back_off({}, RetryClass::transient, retry, random, {}); };
  CHECK(transient(1, 0.0) == 0ms);
  CHECK(transient(1, 0.5) == 250ms);
  CHECK(transient(2, 0.5) == 500ms);
  CHECK(transient(5, 0.5) == 4s);
  CHECK(transient(30, 0.5) == 10s);
  CHECK(transient(1000, 0.99) < 20s);
  CHECK(back_off({}, RetryClass::throttled, 1, 0.5, {}) == 500ms);
  CHECK(back_off({}, RetryClass::throttled, 6, 0.5, {}) == 10s);
}

TEST_CASE("retry: Retry-After is honoured whole, up to a minute", "[aws]") {
  const auto throttled = [](std::chrono::milliseconds after) { return back_off({}, RetryClass::throttled, 1, 0.5, after); };
  CHECK(throttled(2s) == 2s);
  CHECK(throttled(100ms) == 500ms);
  CHECK(throttled(60s) == 60s);
  CHECK(throttled(1h) == 60s);
  CHECK(parse_retry_after("3") == 3000ms);
  CHECK_FALSE(parse_retry_after("").has_value());
  CHECK_FALSE(parse_retry_after("-1").has_value());
  CHECK_FALSE(parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT").has_value());
}

TEST_CASE("retry: a request gives up after its attempts, and at once where trying again cannot help", "[aws]") {
  RetryBudget budget;
  RetryState transient({.attempts = 3}, budget);
  CHECK(transient.failed(RetryClass::transient, 0.5, {}).has_value());
  CHECK(transient.failed(RetryClass::transient, 0.5, {}).has_value());
  CHECK_FALSE(transient.failed(RetryClass::transient, 0.5, {}).has_value());
  RetryState permanent({}, budget);
  CHECK_FALSE(permanent.failed(RetryClass::permanent, 0.5, {}).has_value());
}

TEST_CASE("retry: throttling is waited out, at nobody's cost", "[aws]") {
  RetryBudget budget(RetryBudget::retry_cost);
  RetryState state({}, budget);
  CHECK(state.failed(RetryClass::throttled, 0.5, {}) == 500ms);
  for (int i = 2; i < 10'000; ++i) CHECK(state.failed(RetryClass::throttled, 0.5, {}) <= 10s);
  CHECK(state.failed(RetryClass::throttled, 0.5, {}) == 10s);
  CHECK(budget.tokens() == RetryBudget::retry_cost);
  CHECK(state.failed(RetryClass::transient, 0.5, {}) == 250ms);  // a first fault, whatever was refused before
  RetryState impatient({.waits_out_throttling = false}, budget);
  CHECK_FALSE(impatient.failed(RetryClass::throttled, 0.5, {}).has_value());
}

TEST_CASE("retry: all requests share one budget, which successes fill again", "[aws]") {
  RetryBudget budget;
  int retries = 0;
  while (budget.take()) ++retries;
  CHECK(retries == RetryBudget::standard_capacity / RetryBudget::retry_cost);
  const int rest = budget.tokens();
  RetryState state({}, budget);
  CHECK_FALSE(state.failed(RetryClass::transient, 0.5, {}).has_value());
  state.succeeded();
  CHECK(budget.tokens() == rest + 1);
  RetryState retried({}, budget);
  while (budget.tokens() < RetryBudget::retry_cost) budget.succeeded(false);
  const int before = budget.tokens();
  CHECK(retried.failed(RetryClass::transient, 0.5, {}).has_value());
  retried.succeeded();
  CHECK(budget.tokens() == before);
}

TEST_CASE("retry: a budget is as large as its owner wants, and never grows beyond that", "[aws]") {
  for (const int capacity : {RetryBudget::standard_capacity, 2 * RetryBudget::retry_cost, 0}) {
    RetryBudget budget(capacity);
    int retries = 0;
    while (budget.take()) ++retries;
    CHECK(retries == capacity / RetryBudget::retry_cost);
    for (int i = 0; i < 2 * capacity + 1; ++i) budget.succeeded(true);
    CHECK(budget.tokens() == capacity);
  }
}
