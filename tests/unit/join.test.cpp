#include "assemble/join.hpp"
#include "support/containers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("join: names are quoted for the concat script", "[assemble]") {
  CHECK(quoted_for_concat("plain.mp4") == "'plain.mp4'");
  CHECK(quoted_for_concat("a b#c\\d") == "'a b#c\\d'");
  CHECK(quoted_for_concat("it's") == "'it'\\''s'");
  CHECK(quoted_for_concat("") == "''");
}

TEST_CASE("join: durations in the script add up to the timeline, without an error that adds up", "[assemble]") {
  const std::string script = concat_script({{"/w/0.mp4", 1}, {"/w/1.mp4", 1}, {"/w/2.mp4", 1}}, {30, 1});
  CHECK(script ==
        "ffconcat version 1.0\nfile 'file:/w/0.mp4'\nduration 0.033333\nfile 'file:/w/1.mp4'\nduration 0.033334\n"
        "file 'file:/w/2.mp4'\nduration 0.033333\n");
}

TEST_CASE("join: timestamps are rounded to whole frames of the output's clock", "[assemble]") {
  const auto arguments = join_arguments("/w/s", std::nullopt, {.fps = {60'000, 2002}}, mp4, "/o/out.partial");
  CHECK(std::find(arguments.begin(), arguments.end(), "setts=pts=round(PTS/1001)*1001:dts=round(DTS/1001)*1001:duration=1001") !=
        arguments.end());
  CHECK(std::find(arguments.begin(), arguments.end(), "1:a:0") == arguments.end());
  const auto with_audio = join_arguments("/w/s", "/w/a.m4a", with_defaults({}), mp4, "/o/out.partial");
  CHECK(std::find(with_audio.begin(), with_audio.end(), "file:/w/a.m4a") != with_audio.end());
  CHECK(with_audio.back() == "file:/o/out.partial");
}
