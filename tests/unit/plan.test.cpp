#include "support/contains.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

RenderOptions options(FrameRange frames, ChunkingOptions chunking = {}) {
  return {.composition = "scene.html", .output = "film/out.mp4", .frames = frames, .chunking = chunking};
}

}  // namespace

TEST_CASE("plan: chunks follow one another from the first frame to the last", "[plan]") {
  const auto plan = RenderOrchestrator::plan(options({100, 1000}, {.chunks = 7}), {.slots = 3});
  REQUIRE(plan.has_value());
  CHECK(plan->total_frames == 900);
  std::int64_t next = 100;
  std::set<std::string> files;
  for (std::size_t i = 0; i < plan->chunks.size(); ++i) {
    const RenderChunk& chunk = plan->chunks[i];
    CHECK(chunk.id == static_cast<int>(i));
    CHECK(chunk.start_frame == next);
    CHECK(chunk.frames() == FrameRange{next, next + chunk.frame_count});
    CHECK(chunk.options == plan->options);
    CHECK(plan->concat_manifest.at(i) == chunk.output_file);
    files.insert(chunk.output_file);
    next += chunk.frame_count;
  }
  CHECK(next == 1000);
  CHECK(files.size() == 7);
  CHECK(plan->final_output_file == "film/out.mp4");
  CHECK(files.count(plan->concat_output_file) == 0);
  CHECK(plan->cleanup_files.size() == 8);
}

TEST_CASE("plan: workers are what was asked for, else the slots, never more than chunks", "[plan]") {
  CHECK(RenderOrchestrator::plan(options({0, 900}, {.chunks = 8}), {.slots = 3})->workers == 3);
  CHECK(RenderOrchestrator::plan(options({0, 900}, {.chunks = 8, .workers = 5}), {.slots = 3})->workers == 5);
  CHECK(RenderOrchestrator::plan(options({0, 900}, {.chunks = 2}), {.slots = 3})->workers == 2);
  CHECK(RenderOrchestrator::plan(options({0, 900}), {.slots = 0})->workers == 1);
  CHECK(RenderOrchestrator::plan(options({0, 900}, {.chunks = 8}), {.slots = 1, .most_slots = 4})->workers == 4);
}

TEST_CASE("plan: the same question has the same answer", "[plan]") {
  const RenderOptions asked = options({0, 12'345});
  CHECK(to_json(*RenderOrchestrator::plan(asked, {.slots = 5})) == to_json(*RenderOrchestrator::plan(asked, {.slots = 5})));
}

TEST_CASE("plan: wrong options are not planned", "[plan]") {
  const auto plan = RenderOrchestrator::plan(options({5, 5}));
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().code == Errc::invalid_options);
}

TEST_CASE("plan: frames have to be chosen, size and rate have defaults", "[plan]") {
  RenderOptions asked = options({0, 90});
  asked.video.width = asked.video.height = 0;
  asked.video.fps = {0, 1};
  const auto plan = RenderOrchestrator::plan(asked);
  REQUIRE(plan.has_value());
  CHECK(plan->options->video.width == 1920);
  CHECK(plan->options->video.height == 1080);
  CHECK(plan->options->video.fps == Rational{30, 1});
  asked.frames = {};
  const auto refused = RenderOrchestrator::plan(asked);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail.starts_with("frames: say what to render"));
}

TEST_CASE("plan: ten million frames in a hundred thousand chunks", "[plan]") {
  const auto plan = RenderOrchestrator::plan(options({0, 10'000'000}, {.chunks = 100'000}), {.slots = 5000});
  REQUIRE(plan.has_value());
  CHECK(plan->chunks.size() == 100'000);
  CHECK(plan->chunks.back().frames() == FrameRange{9'999'900, 10'000'000});
  CHECK(plan->workers == 5000);
  const auto again = plan_from_json(to_json(*plan));
  REQUIRE(again.has_value());
  CHECK(again->chunks.size() == 100'000);
}

TEST_CASE("plan: more chunks than any machine could hold are refused, not attempted", "[plan]") {
  const FrameRange longest{0, std::int64_t{1} << 34};
  for (const ChunkingOptions& chunking : {ChunkingOptions{.chunks = 2'000'000'000}, ChunkingOptions{.frames_per_chunk = 1}}) {
    const auto plan = RenderOrchestrator::plan(options(longest, chunking));
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().code == Errc::invalid_options);
    CHECK(contains(plan.error().detail, "chunking"));
  }
}
