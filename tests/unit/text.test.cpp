#include "base/text.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

TEST_CASE("text: what is trimmed has no white space around it, and keeps that inside", "[text]") {
  CHECK(trimmed(" \ta b\tc\r\n") == "a b\tc");
  CHECK(trimmed("a") == "a");
  CHECK(trimmed(" \r\n").empty());
  CHECK(trimmed("").empty());
}

TEST_CASE("text: the first line is all before the first line end, or everything", "[text]") {
  CHECK(first_line("one\ntwo\n") == "one");
  CHECK(first_line("one") == "one");
  CHECK(first_line("\ntwo").empty());
}
