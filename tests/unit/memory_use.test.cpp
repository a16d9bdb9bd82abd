#include "lambda/function/memory_use.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <vector>

using namespace orchestrator::lambda;

TEST_CASE("memory use: what a process has touched counts, and is told only beyond the limit") {
  constexpr std::int64_t mib = std::int64_t{1} << 20;
  const auto before = memory_beyond(0, ::getpid());
  REQUIRE(before.has_value());
  CHECK(*before > 0);
  const std::vector<char> touched(64 * mib, 'x');
  const auto after = memory_beyond(0, ::getpid());
  REQUIRE(after.has_value());
  CHECK(*after - *before > 60 * mib);
  CHECK(touched.back() == 'x');
  CHECK_FALSE(memory_beyond(*after * 100, ::getpid()).has_value());
}
