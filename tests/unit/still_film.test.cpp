#include "render/still_film.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

const StillPicture drawn{.sha256 = std::string(64, 'a')};
const StillPicture blank{.sha256 = std::string(64, 'b'), .one_colour = true};

/// The warning for a film whose chunks, of so many frames each, show these.
std::string warning(const std::vector<std::optional<StillPicture>>& pictures, std::int64_t frames = 10) {
  std::vector<ChunkReport> chunks;
  for (const auto& picture : pictures) {
    ChunkReport& chunk = chunks.emplace_back(ChunkReport{.frame_count = frames});
    chunk.result.still = picture;
  }
  return still_film(chunks);
}

}  // namespace

TEST_CASE("still film: one picture in all chunks is told, with how many frames show it", "[render]") {
  CHECK(contains(warning({drawn}), "nothing changes from the first frame of the film to the last (10 frames)"));
  CHECK(contains(warning({drawn, drawn, drawn}), "(30 frames)"));
}

TEST_CASE("still film: one colour is told in its place", "[render]") {
  CHECK(contains(warning({blank, blank}), "all 20 frames of the film are of one single colour"));
  CHECK(contains(warning({blank}, 1), "the only frame of the film is of one single colour"));
}

TEST_CASE("still film: what changes anywhere, or may have changed, is not told", "[render]") {
  CHECK(warning({}) == "");
  CHECK(warning({std::nullopt}) == "");
  CHECK(warning({drawn}, 1) == "");  // one frame cannot change
  CHECK(warning({drawn, std::nullopt, drawn}) == "");
  CHECK(warning({std::nullopt, drawn}) == "");
  CHECK(warning({drawn, blank}) == "");
  StillPicture other = blank;
  other.sha256.back() = 'c';
  CHECK(warning({blank, other}) == "");  // the colour changes between the chunks
}
