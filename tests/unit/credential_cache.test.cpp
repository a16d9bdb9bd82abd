#include "lambda/aws/credential_cache.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::aws;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds start{std::chrono::seconds(1'800'000'000)};

ExpiringCredentials keys(const std::string& id, std::chrono::seconds life) {
  return {.keys = {.access_key_id = id, .secret_access_key = "S"}, .expires = start + life};
}

/// Whether they are current `after` the start.
bool has(const CredentialCache& cache, const std::string& id, std::chrono::milliseconds after) {
  const auto current = cache.current(start + after);
  return current && current->access_key_id == id;
}

}  // namespace

TEST_CASE("credential cache: newer ones are due five minutes before these expire, or in the last quarter of a short life",
          "[aws]") {
  struct Row {
    std::chrono::seconds life;
    std::chrono::seconds due;
  };
  for (const Row row : {Row{1h, 55min}, Row{20min, 15min}, Row{12min, 9min}, Row{4s, 3s}}) {
    INFO(row.life.count());
    CredentialCache cache;
    CHECK_FALSE(cache.current(start).has_value());
    cache.fetched(keys("A", row.life), start);
    CHECK(has(cache, "A", row.due - 1ms));
    CHECK_FALSE(cache.current(start + row.due).has_value());
  }
}

TEST_CASE("credential cache: keys that do not expire stay until they are refused", "[aws]") {
  CredentialCache cache;
  cache.fetched({.keys = {.access_key_id = "A"}}, start);
  CHECK(has(cache, "A", std::chrono::hours(100'000)));
  cache.refused({.access_key_id = "older"});
  CHECK(has(cache, "A", 0s));
  cache.refused({.access_key_id = "A"});
  CHECK_FALSE(cache.current(start).has_value());
  CHECK_FALSE(cache.not_fetched(start).has_value());
}

TEST_CASE("credential cache: after a fetch that failed the old ones are current for half a minute, but not beyond their end",
          "[aws]") {
  CredentialCache cache;
  cache.fetched(keys("A", 1h), start);
  CHECK(cache.not_fetched(start + 56min)->access_key_id == "A");
  CHECK(has(cache, "A", 56min + 29s));
  CHECK_FALSE(cache.current(start + 56min + 30s).has_value());
  CHECK(cache.not_fetched(start + 1h - 10s)->access_key_id == "A");
  CHECK(has(cache, "A", 1h - 1s));
  CHECK_FALSE(cache.current(start + 1h).has_value());
  CHECK_FALSE(cache.not_fetched(start + 1h).has_value());
}

TEST_CASE("credential cache: by a clock that is far ahead, new keys are not fetched for every request", "[aws]") {
  CredentialCache cache;
  cache.fetched(keys("A", -24h), start);
  CHECK(has(cache, "A", 29s));
  CHECK_FALSE(cache.current(start + 30s).has_value());
}
