// In a strict render what moves by itself is an error; in any other it is told once.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

const PageSettings strict{.strict = true};

/// What asks for something that never comes: it is waited for 5 s, then told.
std::map<std::string, HttpAnswer> site(const std::string& script) {
  return {{"/page", {.body = "<script>" + script + "</script>"}}, {"/never", {.header_delay = std::chrono::hours(1)}}};
}
const std::string later = "setTimeout(() => fetch('/never'), 150)";

void check_strict(const Error& error) {
  INFO(error.message());
  CHECK(error.code == Errc::page_error);
  CHECK(contains(error.detail, "/never"));
  CHECK(contains(error.detail, "(page.strict)"));
}

}  // namespace

TEST_CASE("strict: what moves by itself ends the render at its frame, with its name", "[capture]") {
  const HttpServer server(site(later));
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 9}, {}, strict).has_value());
  for (const std::int64_t frame : {0, 1, 2, 3, 4}) REQUIRE(studio.take(frame).has_value());
  const auto moved = studio.take(5);  // at 30 frames a second
  REQUIRE_FALSE(moved.has_value());
  check_strict(moved.error());
  CHECK(moved.error().frame == 5);
  CHECK_FALSE(contains(studio.log(), "/never"));
}

TEST_CASE("strict: on the way to a late chunk it is an error, too", "[capture]") {
  const HttpServer server(site(later));
  Studio studio(CaptureMode::beginframe);
  REQUIRE(studio.load(server.url("/page"), {40, 41}, {}, strict).has_value());
  const auto moved = studio.take(40);
  REQUIRE_FALSE(moved.has_value());
  check_strict(moved.error());
}

TEST_CASE("strict: while the page loads it is an error of the load", "[capture]") {
  const HttpServer server(site("fetch('/never')"));
  Studio studio(CaptureMode::screenshot);
  const auto loaded = studio.load(server.url("/page"), {0, 1}, {}, strict);
  REQUIRE_FALSE(loaded.has_value());
  check_strict(loaded.error());
  CHECK(loaded.error().stage == Stage::load);
  SECTION("the next page of the same browser is judged by its own settings") {
    CHECK(studio.load(server.url("/page"), {0, 1}).has_value());
    CHECK(contains(studio.log(), "/never"));
  }
}
