#include "plan/chunking.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

// Each chunk costs a page load and an encoder start (0.3 ... 0.5 s measured), too much for chunks of less than five seconds.
constexpr Rational shortest_chunk_s{5, 1};
// A chunk that fails loses at most a minute of rendered video; longer chunks save nothing.
constexpr Rational longest_chunk_s{60, 1};
// Chunks per slot of a long video: with several, slower slots take fewer of them, so that all slots end at about the same time.
constexpr std::int64_t chunks_per_slot = 4;

std::int64_t default_count(std::int64_t total, Rational fps, int slots) noexcept {
  const std::int64_t shortest = std::max<std::int64_t>(1, frames_in(shortest_chunk_s, fps));
  const std::int64_t longest = std::max<std::int64_t>(1, frames_in(longest_chunk_s, fps));
  const std::int64_t most = std::max<std::int64_t>(1, total / shortest);
  const std::int64_t fewest = (total + longest - 1) / longest;
  const std::int64_t wished = slots == 1 ? 1 : slots * chunks_per_slot;  // one slot shares with no other
  return std::clamp(wished, std::min(fewest, most), most);
}

}  // namespace

std::int64_t ChunkSizes::length_of(std::int64_t index, std::int64_t total) const noexcept {
  if (short_last) return std::min(size, total - index * size);
  return size + (index < large ? 1 : 0);
}

ChunkSizes choose_chunks(std::int64_t total, Rational fps, const ChunkingOptions& chunking, int slots) noexcept {
  if (chunking.frames_per_chunk > 0) {
    const std::int64_t size = std::min(chunking.frames_per_chunk, total);
    return {.count = (total + size - 1) / size, .size = size, .short_last = true};
  }
  const std::int64_t count =
      chunking.chunks > 0 ? std::min<std::int64_t>(chunking.chunks, total) : default_count(total, fps, std::max(1, slots));
  return {.count = count, .size = total / count, .large = total % count};
}

}  // namespace orchestrator
