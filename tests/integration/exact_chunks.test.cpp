// The number of chunks must not show.
#include "support/film.hpp"
#include "support/sandbox.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace orchestrator::test;

namespace {

std::vector<std::string> render_hashes(const std::string& composition, const std::string& frames, const Arguments& more) {
  Sandbox sandbox;
  const ToolEnd end = sandbox.render(composition, frames, more);
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(sandbox.remains() == "");
  return frame_hashes(sandbox.film());
}

/// How many different pictures there are; the hash is the last field of a line.
std::size_t count_pictures(const std::vector<std::string>& hashes) {
  std::set<std::string> pictures;
  for (const std::string& line : hashes) pictures.insert(line.substr(line.rfind(' ')));
  return pictures.size();
}

void check_chunks_do_not_show(const std::string& name, std::size_t least_pictures, const std::string& fps,
                              const Arguments& more) {
  INFO(name);
  Arguments one{"--fps", fps, "--crf", "0", "--preset", "ultrafast", "--width", "320", "--height", "180", "--chunks", "1"};
  one.insert(one.end(), more.begin(), more.end());
  Arguments sixteen = one;
  sixteen[11] = "16";
  sixteen.insert(sixteen.end(), {"--workers", "2"});
  const auto expected = render_hashes(page(name), "3:35", one);
  CHECK(expected.size() == 32);
  CHECK(count_pictures(expected) >= least_pictures);
  CHECK(render_hashes(page(name), "3:35", sixteen) == expected);
}

}  // namespace

TEST_CASE("exact chunks: 16 chunks of a lossless yuv444p render decode to the same frames as one", "[exact]") {
  check_chunks_do_not_show("render_frame.html", 32, "30", {"--pixel-format", "yuv444p"});
}

TEST_CASE("exact chunks: 16 chunks of a lossless rgb24 render decode to the same frames as one", "[exact]") {
  check_chunks_do_not_show("render_frame.html", 32, "30", {"--pixel-format", "rgb24"});
}

TEST_CASE("exact chunks: images and fonts are there in the first frame of each chunk", "[exact]") {
  check_chunks_do_not_show("images_fonts.html", 10, "30", {"--pixel-format", "rgb24"});
}

TEST_CASE("exact chunks: asynchronous renderFrame shows in each chunk what it shows in one", "[exact]") {
  check_chunks_do_not_show("async_render_frame.html", 32, "30", {"--pixel-format", "rgb24"});
}

// Ten frames a second, so that 32 frames show what these pages do within three seconds. Each page is a test case of its own
// (two renders of it take seconds).
#define VIRTUAL_CLOCK_TEST(name, least_pictures)                                                                    \
  TEST_CASE("exact chunks: under the virtual clock, " name " shows in 16 chunks what it shows in one", "[exact]") { \
    check_chunks_do_not_show(name ".html", least_pictures, "10", {"--pixel-format", "rgb24"});                      \
  }
VIRTUAL_CLOCK_TEST("css_animation", 32)
VIRTUAL_CLOCK_TEST("transition", 6)
VIRTUAL_CLOCK_TEST("waapi", 15)
VIRTUAL_CLOCK_TEST("raf_stateful", 32)
VIRTUAL_CLOCK_TEST("timers", 32)
VIRTUAL_CLOCK_TEST("date_clock", 32)
VIRTUAL_CLOCK_TEST("shadow_dom", 12)
