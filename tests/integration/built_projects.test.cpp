// Built projects of Motion Canvas and Revideo (tests/built_projects), against the systems' own players, sample for sample.
#include "support/contains.hpp"
#include "support/film.hpp"
#include "support/sandbox.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>

using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t width = 320;
constexpr std::size_t height = 180;
const Arguments exact{"--overwrite", "--crf", "0", "--preset", "ultrafast", "--pixel-format", "rgb24"};

struct BuiltSystem {
  std::string folder{};
  std::string name{};
  std::size_t frames{0};
};
const std::vector<BuiltSystem> built_systems{{"motion_canvas", "Motion Canvas", 70}, {"revideo", "Revideo", 73}};

fs::path dist(const BuiltSystem& system) { return fs::path(ORCHESTRATOR_BUILT_PROJECTS) / system.folder / "dist"; }

bool have_projects() {
  const bool are_built = fs::exists(std::string(ORCHESTRATOR_BUILT_PROJECTS) + "/installed");
  if (!are_built) std::cout << "skipped: there are no built projects; the test \"install Motion Canvas and Revideo\" says why\n";
  return are_built;
}

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

ToolEnd film_of(Sandbox& sandbox, const std::string& composition, const Arguments& more) {
  return sandbox.run(with(with({"render", composition, "-o", sandbox.film().string()}, exact), more));
}

DecodedFilm film_decoded(const std::string& composition, const Arguments& more = {}, std::size_t pixels = width * height) {
  CAPTURE(composition, more);
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, composition, more);
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(sandbox.remains().empty());
  return decode_film(sandbox.film(), "rgb24", 3 * pixels);
}

std::string why_refused(const std::string& composition, const Arguments& more = {}) {
  CAPTURE(composition);
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, composition, more);
  CHECK(end.status.code != 0);
  CHECK_FALSE(fs::exists(sandbox.film()));
  return end.errors;
}

/// The project's files with this end, as its page names them.
std::vector<std::string> built_files(const BuiltSystem& system, const std::string& end) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(dist(system))) {
    const std::string name = "/" + entry.path().lexically_relative(dist(system)).generic_string();
    if (name.ends_with(end) && contains(name, "/project")) names.push_back(name);
  }
  return names;
}

/// The film that the system's own player makes, one frame after the other.
DecodedFilm own_film(const BuiltSystem& system) {
  const auto scripts = built_files(system, ".js");
  const auto sheets = built_files(system, ".css");
  REQUIRE(scripts.size() == 1);
  REQUIRE(sheets.size() == 1);
  const std::string props = R"({"script": ")" + scripts[0] + R"(", "styleSheets": [")" + sheets[0] + R"("]})";
  return film_decoded((dist(system) / "own.html").string(),
                      {"--props", props, "--chunks", "1", "--width", "320", "--height", "180", "--fps", "30", "--frames",
                       "0:" + std::to_string(system.frames)});
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

/// How many pixels of a row have the colour of its first one.
std::size_t bar(const DecodedFilm& film, std::size_t frame, std::size_t row) {
  std::size_t length = 1;
  while (length < width && film.rgb(frame, row * width + length) == film.rgb(frame, row * width)) ++length;
  return length;
}

}  // namespace

TEST_CASE("built projects: pictures are those of the system's own player, however the film is cut", "[built_projects]") {
  if (!have_projects()) return;
  for (const BuiltSystem& system : built_systems) {
    const DecodedFilm own = own_film(system);
    REQUIRE(own.frames() == system.frames);
    for (std::size_t frame = 0; frame < 12; ++frame)
      CHECK(own.bytes.substr(frame * own.frame_bytes, own.frame_bytes) !=
            own.bytes.substr((frame + 1) * own.frame_bytes, own.frame_bytes));
    for (const std::string chunks : {"3", "8"}) {
      CAPTURE(system.name, chunks);
      CHECK(film_decoded(dist(system).string(), {"--chunks", chunks}).bytes == own.bytes);
    }
  }
}

TEST_CASE("built projects: the project says what film it is, and the rate of the options wins", "[built_projects]") {
  if (!have_projects()) return;
  for (const BuiltSystem& system : built_systems) {
    CAPTURE(system.name);
    Sandbox sandbox;
    const std::string film = "320x180, 30 fps, " + std::to_string(system.frames) + " frames\n";
    CHECK(sandbox.run({"compositions", dist(system).string()}).output ==
          film + "driven by " + system.name + ", frames one after the other\n");
    // Not just twice as many: each step of a scene takes whole frames.
    const std::string refusal = why_refused(dist(system).string(), {"--fps", "60", "--frames", "0:9999"});
    CHECK(contains(refusal, system.name == "Revideo" ? "has 142 frames" : "has 136 frames"));
  }
}

TEST_CASE("built projects: the film may be larger than the project, but not of another shape", "[built_projects]") {
  if (!have_projects()) return;
  const std::string project = dist(built_systems[0]).string();
  const DecodedFilm film = film_decoded(project, {"--frames", "0:6"});
  const DecodedFilm large = film_decoded(project, {"--width", "640", "--height", "360", "--frames", "0:6"}, 640 * 360);
  std::size_t length = 0;
  while (large.rgb(5, length) == std::array<int, 3>{0, 0, 255}) ++length;
  CHECK(length == 2 * bar(film, 5, 0));
  CHECK(contains(why_refused(project, {"--width", "320", "--height", "320"}),
                 "the project is 320x180, and the film was to be 320x320: give a size of its shape, such as 320x180"));
}

TEST_CASE("built projects: props are the project's variables", "[built_projects]") {
  if (!have_projects()) return;
  const auto colour = [](const Arguments& more) {
    return film_decoded(dist(built_systems[1]).string(), with({"--frames", "0:1"}, more)).rgb(0, 30 * width);
  };
  CHECK(colour({}) == std::array<int, 3>{255, 0, 0});
  CHECK(colour({"--props", R"json({"colour": "rgb(1, 200, 3)"})json"}) == std::array<int, 3>{1, 200, 3});
}

TEST_CASE("built projects: sound that a project plays is named in a warning", "[built_projects]") {
  if (!have_projects()) return;
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, dist(built_systems[1]).string(), {"--frames", "0:2"});
  CHECK(end.status.code == 0);
  CHECK(contains(end.errors, "the project plays /film.mp4: its sound, if it has any, is not in the film yet"));
}

TEST_CASE("built projects: a page of one's own may hand the project over", "[built_projects]") {
  if (!have_projects()) return;
  const BuiltSystem& system = built_systems[0];
  Sandbox sandbox;
  fs::copy(dist(system), sandbox.folder() / "dist", fs::copy_options::recursive);
  const std::string page = R"html(<!doctype html><meta name="orchestrator" content="width=99,stateful">
    <link rel="stylesheet" href="STYLE"><script type="module">
    import project from 'SCRIPT';
    window.orchestratorProject = project;
    </script>)html";
  const std::string style = built_files(system, ".css")[0], script = built_files(system, ".js")[0];
  const std::string mine = sandbox.file("dist/mine.html", replaced(replaced(page, "STYLE", style), "SCRIPT", script));
  const ToolEnd end = film_of(sandbox, mine, {"--frames", "0:9", "--chunks", "2"});
  REQUIRE(end.status.code == 0);
  CHECK(contains(end.errors, "the project says it"));  // not the page
  CHECK(decode_film(sandbox.film(), "rgb24", 3 * width * height).bytes ==
        film_decoded(dist(system).string(), {"--frames", "0:9"}).bytes);
}

TEST_CASE("built projects: what is none is refused with what it lacks", "[built_projects]") {
  Sandbox sandbox;
  CHECK(contains(why_refused(sandbox.file("some.js", "export default {scenes: []};")),
                 "some.js is no built project of Motion Canvas 3 or Revideo 0.11"));
  CHECK(contains(why_refused(sandbox.file("nothing.js", "export const x = 1;")), "is no built project"));
  CHECK(contains(why_refused(sandbox.file("throws.js", "throw new Error('no luck');")), "throws.js failed: no luck"));
  CHECK(contains(why_refused(sandbox.file("source.js", "import x from '@motion-canvas/core';")), "source.js failed: "));
  const std::string page = sandbox.file("page.html", "<!doctype html><script>window.orchestratorProject = {};</script>");
  CHECK(contains(why_refused(page), "window.orchestratorProject is no built project"));
  fs::create_directories(sandbox.folder() / "two");
  sandbox.file("two/project.js", "");
  sandbox.file("two/project-Ab12.js", "");
  CHECK(contains(why_refused((sandbox.folder() / "two").string()), "there are several scripts of projects"));
  fs::create_directories(sandbox.folder() / "source/src");
  sandbox.file("source/src/project.js", "");
  sandbox.file("source/package.json", R"({"dependencies": {"@motion-canvas/core": "3"}})");
  CHECK(contains(why_refused((sandbox.folder() / "source").string()), "run npx vite build"));
}
