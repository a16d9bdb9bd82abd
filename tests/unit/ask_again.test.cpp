#include "ssh/ask_again.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace std::chrono_literals;

TEST_CASE("ask again: each refusal in a row doubles the wait, up to a minute, and an answer ends that", "[ssh]") {
  AskAgain again;
  AskAgain::Clock::time_point now{};
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    again.refused(now, now);
    CHECK_FALSE(again.is_due(now + wait - 1ms, false));
    CHECK(again.is_due(now + wait, false));
    now += wait;
  }
  again.accepted();
  again.refused(now, now);
  CHECK(again.is_due(now + 1s, false));
}

TEST_CASE("ask again: where no other host can render, a second is enough", "[ssh]") {
  AskAgain again;
  const AskAgain::Clock::time_point now{};
  for (int i = 0; i < 5; ++i) again.refused(now, now);
  CHECK_FALSE(again.is_due(now + 999ms, true));
  CHECK(again.is_due(now + 1s, true));
}

TEST_CASE("ask again: an outage that refuses several who had asked before counts once", "[ssh]") {
  AskAgain again;
  const AskAgain::Clock::time_point asked{};
  const auto known = asked + 3s;
  for (int i = 0; i < 5; ++i) again.refused(asked, known + i * 1ms);
  CHECK(again.is_due(known + 1s, false));
  again.refused(known + 1s, known + 2s);
  CHECK_FALSE(again.is_due(known + 3s, false));
}
