#include "process/process_cpu.hpp"
#include "process/process_stat.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <string>

using namespace orchestrator;

namespace {

const std::string after_name = " S 10 20 20 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 12345";

}  // namespace

TEST_CASE("process cpu: state, parent, group and the four times are read from a stat line", "[capture]") {
  const auto stat = parse_process_stat("42 (chromium)" + after_name);
  REQUIRE(stat);
  CHECK(stat->state == 'S');
  CHECK(stat->parent == 10);
  CHECK(stat->group == 20);
  CHECK(stat->ticks == 127);
}

TEST_CASE("process cpu: a program's name may hold anything", "[capture]") {
  for (const char* name : {"(a b)", "(a) S 1 2 3)", "(()", "(\n)"}) {
    CAPTURE(name);
    const auto stat = parse_process_stat("42 " + std::string(name) + after_name);
    REQUIRE(stat);
    CHECK(stat->group == 20);
  }
}

TEST_CASE("process cpu: a broken line is none", "[capture]") {
  for (const char* line : {"", "42", "42 (x)", "42 (x) ", "42 (x) S 1 2", "42 (x) S 10 x 20 0 -1 1 1 2 3 4 1 1 1 1",
                           "42 (x) S 10 20 20 0 -1 1 1 2 3 4 1 1 1"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_process_stat(line));
  }
}

TEST_CASE("process cpu: this process and its group are found in /proc", "[capture]") {
  CHECK(process_group_runs(::getpgrp()));
  CHECK(process_cpu(::getpid()) <= process_group_cpu(::getpgrp()));
}
