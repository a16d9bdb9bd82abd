// A film in which nothing changes, or that is of one colour, is what it is asked to be; but its render says so.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/sandbox.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* nothing_changes = "warning: nothing changes from the first frame of the film to the last";
constexpr const char* of_one_colour = "of one single colour: did the page never draw anything?";

const std::string backends[] = {"shm", "beginframe", "screenshot"};

/// A page of this body in a folder of its own.
std::string page_of(const Sandbox& sandbox, const std::string& body) {
  fs::create_directories(sandbox.folder() / "scene");
  return sandbox.file("scene/index.html", "<!doctype html><style>body { background: #345 }</style>" + body);
}

/// What a render says, which must succeed.
std::string said(Sandbox& sandbox, const std::string& composition, const std::string& frames, const std::string& chunks,
                 const std::string& mode = "shm") {
  const ToolEnd end = sandbox.render(composition, frames, {"--chunks", chunks, "--capture", mode, "--overwrite", "--json"});
  CAPTURE(end.errors);
  CHECK(end.status.code == 0);
  return end.errors;
}

const std::string text = "<p style='color: #fff'>text</p>";
/// Draws what `colour`, an expression of `n`, is for frame n.
std::string drawing(const std::string& colour) {
  return "<canvas id=c width=80 height=60></canvas><script>window.renderFrame = (n) => { const to = c.getContext('2d');"
         "to.clearRect(0, 0, 80, 60); to.fillStyle = " +
         colour + "; to.fillRect(10, 10, 30, 20); };</script>";
}

}  // namespace

TEST_CASE("still films: a page that stands still is told once, in one chunk and in three, by every backend", "[still]") {
  Sandbox sandbox;
  for (const std::string& mode : backends) {
    for (const std::string chunks : {"1", "3"}) {
      CAPTURE(mode, chunks);
      const std::string errors = said(sandbox, page_of(sandbox, text), "0:9", chunks, mode);
      CHECK(contains(errors, std::string(nothing_changes) + " (9 frames)"));
      CHECK(errors.find(nothing_changes) == errors.rfind(nothing_changes));
      CHECK_FALSE(contains(errors, of_one_colour));
    }
  }
}

TEST_CASE("still films: a page that draws the same anew in each frame stands still, too", "[still]") {
  Sandbox sandbox;
  for (const std::string& mode : backends) {
    CAPTURE(mode);
    CHECK(contains(said(sandbox, page_of(sandbox, drawing("'#f00'")), "0:9", "3", mode), nothing_changes));
  }
}

TEST_CASE("still films: a page that draws nothing is told to be of one colour, also in a single frame", "[still]") {
  Sandbox sandbox;
  for (const std::string& mode : backends) {
    CAPTURE(mode);
    const std::string errors = said(sandbox, page_of(sandbox, ""), "0:9", "3", mode);
    CHECK(contains(errors, std::string("all 9 frames of the film are ") + of_one_colour));
    CHECK_FALSE(contains(errors, nothing_changes));
    CHECK(contains(said(sandbox, page_of(sandbox, ""), "4:5", "1", mode), of_one_colour));
  }
}

TEST_CASE("still films: a film that changes anywhere is not told", "[still]") {
  Sandbox sandbox;
  const auto colour = GENERATE(as<std::string>(), "n === 8 ? '#00f' : '#f00'",  // in the last frame of three chunks
                               "n < 3 ? '#00f' : '#f00'");                      // between two chunks, each of which stands still
  for (const std::string& mode : backends) {
    CAPTURE(mode, colour);
    const std::string errors = said(sandbox, page_of(sandbox, drawing(colour)), "0:9", "3", mode);
    CHECK_FALSE(contains(errors, nothing_changes));
    CHECK_FALSE(contains(errors, of_one_colour));
  }
}

TEST_CASE("still films: one frame that shows something is no film that stands still", "[still]") {
  Sandbox sandbox;
  const std::string errors = said(sandbox, page_of(sandbox, text), "3:4", "1");
  CHECK_FALSE(contains(errors, nothing_changes));
  CHECK_FALSE(contains(errors, of_one_colour));
}

TEST_CASE("still films: the join of chunks that were rendered by themselves tells it, the chunks do not", "[still]") {
  Sandbox sandbox;
  const ToolEnd planned = sandbox.run({"plan", page_of(sandbox, text), "-o", sandbox.film(), "--frames", "0:9", "--chunks", "3",
                                       "--width", "160", "--height", "90"});
  REQUIRE(planned.status.code == 0);
  write_file(sandbox.folder() / "plan.json", planned.output);
  for (const char* chunk : {"0", "1", "2", "2"}) {  // the last one finds it finished
    const ToolEnd end = sandbox.run({"chunk", "--plan", "plan.json", "--chunk", chunk, "-o", "chunks"});
    CHECK(end.status.code == 0);
    CHECK_FALSE(contains(end.errors, nothing_changes));
  }
  CHECK(contains(read_file(sandbox.folder() / "chunks/chunk-0.mp4.json"), R"("still":{"sha256":")"));
  const ToolEnd joined = sandbox.run({"join", "--plan", "plan.json", "chunks"});
  CAPTURE(joined.errors);
  CHECK(joined.status.code == 0);
  CHECK(contains(joined.errors, std::string(nothing_changes) + " (9 frames)"));
}
