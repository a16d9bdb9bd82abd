#include "render/progress_sum.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orchestrator;

TEST_CASE("progress: weighted by frames, not by chunks", "[schedule]") {
  ProgressSum sum({90, 10});
  sum.enter(RenderPhase::rendering);
  sum.chunk_at(0, 45);
  CHECK(sum.snapshot().frames_done == 45);
  CHECK(sum.snapshot().frames_total == 100);
  const double half = sum.snapshot().fraction;
  sum.chunk_at(1, 5);
  CHECK(sum.snapshot().fraction - half == Approx(half / 9));
}

TEST_CASE("progress: what is left is told in frames, then in what comes after them", "[schedule]") {
  Progress progress{.frames_done = 12, .frames_total = 300, .phase = RenderPhase::rendering};
  CHECK(what_is_left(progress, true) == "12 of 300 frames were rendered");
  const Progress all{.frames_done = 300, .frames_total = 300, .phase = RenderPhase::rendering};
  CHECK(what_is_left(all, true) == "every frame was rendered, the last chunks were being finished and checked");
  CHECK(what_is_left(progress, false) == "12 of 300 frames were rendered, the sound was still being mixed");
  progress.phase = RenderPhase::assembling;
  CHECK(what_is_left(progress, true) == "every frame was rendered, the chunks were being joined");
}

TEST_CASE("progress: exactly 1 only when the file is in place", "[schedule]") {
  ProgressSum sum({3, 3});
  sum.chunk_at(0, 3);
  sum.chunk_at(1, 3);
  sum.enter(RenderPhase::assembling);
  CHECK(sum.snapshot().fraction < 1);
  CHECK(sum.snapshot().frames_done == 6);
  sum.enter(RenderPhase::done);
  CHECK(sum.snapshot().fraction == 1.0);
}

TEST_CASE("progress: never goes back, even if a chunk starts over or a worker talks nonsense", "[schedule]") {
  std::mt19937 random(3);
  ProgressSum sum({5, 50, 500});
  Progress before = sum.snapshot();
  CHECK(before.fraction == 0);
  for (int i = 0; i < 5000; ++i) {
    sum.chunk_at(random() % 3, static_cast<std::int64_t>(random() % 1000) - 200);
    if (random() % 500 == 0) sum.enter(static_cast<RenderPhase>(random() % 3));
    const Progress now = sum.snapshot();
    REQUIRE(now.fraction >= before.fraction);
    REQUIRE(now.frames_done >= before.frames_done);
    REQUIRE(now.frames_done <= now.frames_total);
    REQUIRE(now.phase >= before.phase);
    before = now;
  }
}

TEST_CASE("progress: of nothing is nothing", "[schedule]") { CHECK(ProgressSum({}).snapshot().fraction == 0); }
