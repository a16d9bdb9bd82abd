#include "plan/chunking.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orchestrator;

namespace {

constexpr Rational fps{30, 1};

/// The frames of all chunks together.
std::int64_t covered(const ChunkSizes& sizes, std::int64_t total) {
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < sizes.count; ++i) sum += sizes.length_of(i, total);
  return sum;
}

}  // namespace

TEST_CASE("chunking: every frame is in exactly one chunk, however it is cut", "[plan]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    const auto total = static_cast<std::int64_t>(random() % (i % 2 == 0 ? 50 : 100'000) + 1);
    const Rational rate{static_cast<std::int64_t>(random() % 120'000 + 1), static_cast<std::int64_t>(random() % 1001 + 1)};
    ChunkingOptions chunking;
    if (random() % 3 == 0)
      chunking.chunks = static_cast<int>(random() % 300 + 1);
    else if (random() % 2 == 0)
      chunking.frames_per_chunk = static_cast<std::int64_t>(random() % 3000 + 1);
    const ChunkSizes sizes = choose_chunks(total, rate, chunking, static_cast<int>(random() % 64 + 1));
    CAPTURE(total, rate.num, rate.den, chunking.chunks, chunking.frames_per_chunk);
    REQUIRE(sizes.count >= 1);
    REQUIRE(covered(sizes, total) == total);
    for (std::int64_t chunk = 0; chunk < sizes.count; ++chunk) REQUIRE(sizes.length_of(chunk, total) > 0);
  }
}

TEST_CASE("chunking: so many chunks means exactly so many, equal to within one frame", "[plan]") {
  for (int chunks = 1; chunks <= 100; ++chunks) {
    const ChunkSizes sizes = choose_chunks(100, fps, {.chunks = chunks}, 4);
    REQUIRE(sizes.count == chunks);
    for (std::int64_t i = 0; i < sizes.count; ++i) {
      REQUIRE(sizes.length_of(i, 100) >= 100 / chunks);
      REQUIRE(sizes.length_of(i, 100) <= 100 / chunks + 1);
    }
  }
}

TEST_CASE("chunking: never more chunks than frames", "[plan]") {
  CHECK(choose_chunks(3, fps, {.chunks = 10}, 1).count == 3);
  CHECK(choose_chunks(1, fps, {.chunks = 1'000'000'000}, 64).count == 1);
}

TEST_CASE("chunking: so many frames a chunk: the last may be short, no other is", "[plan]") {
  const ChunkSizes sizes = choose_chunks(100, fps, {.frames_per_chunk = 30}, 4);
  REQUIRE(sizes.count == 4);
  for (std::int64_t i = 0; i < 3; ++i) CHECK(sizes.length_of(i, 100) == 30);
  CHECK(sizes.length_of(3, 100) == 10);
  CHECK(choose_chunks(90, fps, {.frames_per_chunk = 30}, 4).count == 3);
  CHECK(choose_chunks(7, fps, {.frames_per_chunk = 1'000}, 4).length_of(0, 7) == 7);
}

TEST_CASE("chunking: by default no chunk is under five seconds", "[plan]") {
  for (const Rational rate : {Rational{30, 1}, Rational{30'000, 1001}, Rational{1, 1}, Rational{1, 10}, Rational{240, 1}}) {
    const std::int64_t shortest = std::max<std::int64_t>(1, frames_in({5, 1}, rate));
    for (const int slots : {1, 2, 3, 16, 500}) {
      for (std::int64_t seconds = 1; seconds < 4000; seconds = seconds * 3 / 2 + 1) {
        const std::int64_t total = std::max<std::int64_t>(1, frames_in({seconds, 1}, rate));
        const ChunkSizes sizes = choose_chunks(total, rate, {}, slots);
        CAPTURE(rate.num, rate.den, slots, seconds);
        REQUIRE((sizes.count == 1 || sizes.size >= shortest));
      }
    }
  }
}

TEST_CASE("chunking: by default a slot gets several chunks when the video is long", "[plan]") {
  CHECK(choose_chunks(90, fps, {}, 4).count == 1);
  CHECK(choose_chunks(450, fps, {}, 2).count == 3);
  CHECK(choose_chunks(30 * 600, fps, {}, 4).count == 16);
  CHECK(choose_chunks(30 * 3600, fps, {}, 4).count == 60);  // a minute at most: less to lose
  CHECK(choose_chunks(30 * 40, fps, {}, 1).count == 1);     // one slot has nobody to share with
  CHECK(choose_chunks(900, fps, {}, 0).count == 1);         // an executor that claims no slot at all
}
