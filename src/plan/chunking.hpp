#pragma once

#include <orchestrator/render_options.hpp>

#include <cstdint>

namespace orchestrator {

/// How a render is cut: `large` chunks of `size + 1` frames first, then chunks of `size`; or, with `short_last`, all of
/// `size` and a last one of what remains.
struct ChunkSizes {
  std::int64_t count{1};
  std::int64_t size{1};
  std::int64_t large{0};
  std::int64_t length_of(std::int64_t index, std::int64_t total) const noexcept;
  bool short_last{false};
};

/// Decides the cut. `slots` = chunks that can run at the same time.
ChunkSizes choose_chunks(std::int64_t total_frames, Rational fps, const ChunkingOptions& chunking, int slots) noexcept;

}  // namespace orchestrator
