#include "orchestrator/progress_display.hpp"
#include "support/contains.hpp"

#include <simdjson.h>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::tool;
using namespace std::chrono_literals;

namespace {

constexpr Progress half{.fraction = 0.495, .frames_done = 150, .frames_total = 300, .phase = RenderPhase::rendering};

}  // namespace

TEST_CASE("progress bar: stage, share, frames, rate and time left", "[tool]") {
  const std::string bar = progress_bar(half, 5s, 120);
  CHECK(contains(bar, "rendering"));
  CHECK(contains(bar, "49 %"));
  CHECK(contains(bar, "150/300 frames"));
  CHECK(contains(bar, "30.0 fps"));
  CHECK(contains(bar, "0:05 left"));
  CHECK(contains(bar, "[###"));
}

TEST_CASE("progress bar: never wider than the terminal", "[tool]") {
  for (int columns = 1; columns < 200; ++columns) {
    for (const double fraction : {0.0, 0.01, 0.5, 0.99, 1.0}) {
      Progress progress = half;
      progress.fraction = fraction;
      progress.frames_total = 1'000'000'000'000;
      REQUIRE(progress_bar(progress, 1s, columns).size() <= static_cast<std::size_t>(columns));
    }
  }
}

TEST_CASE("progress bar: nothing done, nothing to do and no time passed are no trouble", "[tool]") {
  CHECK(contains(progress_bar({}, 0s, 80), "0/0 frames  0.0 fps  -:-- left"));
  CHECK(contains(progress_bar({.frames_total = 300}, 10s, 80), "0/300 frames"));
  CHECK(contains(progress_bar(half, 0s, 80), "0.0 fps"));
}

TEST_CASE("progress bar: at the end it says how long it took", "[tool]") {
  const Progress done{.fraction = 1, .frames_done = 300, .frames_total = 300, .phase = RenderPhase::done};
  CHECK(contains(progress_bar(done, 75s, 100), "100 %"));
  CHECK(contains(progress_bar(done, 75s, 100), "1:15 in all"));
}

TEST_CASE("progress as JSON: one object a line, full only at the end", "[tool]") {
  simdjson::dom::parser parser;
  const std::string line = progress_json(half);
  CHECK_FALSE(contains(line, "\n"));
  const simdjson::dom::element json = parser.parse(line);
  CHECK(double(json["fraction"]) == Approx(0.495));
  CHECK(std::int64_t(json["frames_done"]) == 150);
  CHECK(std::int64_t(json["frames_total"]) == 300);
  CHECK(std::string_view(json["stage"]) == "rendering");
  CHECK(contains(progress_json({.fraction = 1, .phase = RenderPhase::done}), "\"fraction\":1.000000"));
}

TEST_CASE("progress: styles have names", "[tool]") {
  CHECK(progress_style("none") == ProgressStyle::none);
  CHECK(progress_style("bar") == ProgressStyle::bar);
  CHECK(progress_style("json") == ProgressStyle::json);
  CHECK(progress_style("auto").has_value());
  CHECK_FALSE(progress_style("loud").has_value());
}
