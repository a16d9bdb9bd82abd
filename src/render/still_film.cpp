#include "render/still_film.hpp"

#include <algorithm>
#include <cstdint>

namespace orchestrator {

std::string still_film(const std::vector<ChunkReport>& chunks) {
  if (chunks.empty() || !chunks.front().result.still) return {};
  const StillPicture& picture = *chunks.front().result.still;
  if (std::ranges::any_of(chunks, [&](const ChunkReport& chunk) { return chunk.result.still != picture; })) return {};
  std::int64_t frames = 0;
  for (const ChunkReport& chunk : chunks) frames += chunk.frame_count;
  const std::string all =
      frames == 1 ? "the only frame of the film is" : "all " + std::to_string(frames) + " frames of the film are";
  if (picture.one_colour) return all + " of one single colour: did the page never draw anything?";
  if (frames == 1) return {};
  return "nothing changes from the first frame of the film to the last (" + std::to_string(frames) +
         " frames): if it should move, its page may wait for a user, or for another program to move it";
}

}  // namespace orchestrator
