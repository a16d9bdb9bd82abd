// What a composition can be, and how props reach it.
#include "support/files.hpp"
#include "support/film.hpp"
#include "support/http_server.hpp"
#include "support/sandbox.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::test;

namespace {

constexpr std::size_t pixels = 160 * 90;

std::vector<std::string> render_hashes(Sandbox& sandbox, const std::string& composition) {
  const ToolEnd end = sandbox.render(composition, "3:9", {"--overwrite", "--chunks", "2"});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(sandbox.remains() == "");
  return frame_hashes(sandbox.film());
}

/// The colour of the page's lower right corner, where props.html shows its background.
std::array<int, 3> background(Sandbox& sandbox, const std::string& props) {
  const ToolEnd end =
      sandbox.render(page("props.html"), "0:2", {"--overwrite", "--props", props, "--pixel-format", "rgb24", "--crf", "0"});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  return decode_film(sandbox.film(), "rgb24", 3 * pixels).rgb(1, pixels - 1);
}

}  // namespace

TEST_CASE("compositions: a file of any name, a folder and a URL give the same film", "[compositions]") {
  Sandbox sandbox;
  const std::string text = read_file(page("render_frame.html"));
  const std::string folder = sandbox.folder() / "scene with a blank";
  std::filesystem::create_directory(folder);
  write_file(folder + "/index.html", text);
  const HttpServer server({{"/scene?take=1", {.body = text}}});
  const auto expected = render_hashes(sandbox, page("render_frame.html"));
  CHECK(expected.size() == 6);
  CHECK(render_hashes(sandbox, folder) == expected);
  CHECK(render_hashes(sandbox, server.url("/scene?take=1")) == expected);
  for (const char* name : {"SCENE.HTM", "scene", "scene.new"}) {
    CAPTURE(name);
    CHECK(render_hashes(sandbox, sandbox.file(name, "\n " + text)) == expected);
  }
}

TEST_CASE("compositions: props reach the page from the command line and from a file", "[compositions]") {
  Sandbox sandbox;
  const std::string typed = R"json({"title": "x", "color": "rgb(10 200 30)"})json";
  CHECK(background(sandbox, typed) == std::array<int, 3>{10, 200, 30});
  const std::string file = sandbox.file("props.json", R"json({"title": "</script> \" ü", "color": "rgb(1 2 3)"})json");
  CHECK(background(sandbox, "@" + file) == std::array<int, 3>{1, 2, 3});
  CHECK(background(sandbox, "{}") == std::array<int, 3>{0x33, 0x33, 0x33});
}

TEST_CASE("compositions: what a page says of its film is printed, and rendered unless an option says otherwise",
          "[compositions]") {
  Sandbox sandbox;
  const std::string film = sandbox.file("film.html", R"(<!doctype html>
    <meta name="orchestrator" content="width=64,height=36,fps=24000/1001,duration=0.25">
    <body><script>window.renderFrame = (frame) => { document.body.textContent = frame; };</script>)");
  const ToolEnd said = sandbox.run({"compositions", film});
  INFO(said.errors);
  REQUIRE(said.status.code == 0);
  CHECK(said.output == "64x36, 24000/1001 fps, 25/100 s\ndriven by renderFrame, frames in any order\n");
  const boost::json::object json = sandbox.run({"compositions", film, "--json"}).json();
  CHECK(json.at("contract") == "renderFrame");
  CHECK(json.at("traits").at("order") == "any");
  CHECK(json.at("compositions").at(0).at("width") == 64);
  CHECK(json.at("error").is_null());
  for (const std::string chunks : {"1", "3"}) {
    const ToolEnd end = sandbox.run({"render", film, "-o", sandbox.film(), "--json", "--overwrite", "--chunks", chunks});
    INFO(end.errors);
    REQUIRE(end.status.code == 0);
    CHECK(end.json().at("width") == 64);
    CHECK(end.json().at("height") == 36);
    CHECK(end.json().at("fps") == "24000/1001");
    CHECK(end.json().at("frames") == 6);
  }
  const ToolEnd other = sandbox.run(
      {"render", film, "-o", sandbox.film(), "--json", "--overwrite", "--width", "32", "--fps", "8", "--frames", "1:2"});
  INFO(other.errors);
  REQUIRE(other.status.code == 0);
  CHECK(other.json().at("width") == 32);
  CHECK(other.json().at("height") == 36);
  CHECK(other.json().at("fps") == "8");
  CHECK(other.json().at("frames") == 1);
  const std::string timed = sandbox.file("timed.html", R"(<!doctype html>
    <meta name="orchestrator" content="width=64,height=36,fps=10,frames=5"><body>)");
  const ToolEnd faster = sandbox.run({"render", timed, "-o", sandbox.film(), "--json", "--overwrite", "--fps", "20"});
  INFO(faster.errors);
  REQUIRE(faster.status.code == 0);
  CHECK(faster.json().at("frames") == 10);  // half a second, as at its own rate
  CHECK(sandbox.remains() == "");
}

TEST_CASE("compositions: a page that says nothing needs options, and one that cannot be loaded says why", "[compositions]") {
  Sandbox sandbox;
  const ToolEnd said = sandbox.run({"compositions", page("static.html")});
  CHECK(said.output == "does not say how long it is\ndriven by virtual clock, frames one after the other\n");
  const ToolEnd open = sandbox.run({"render", page("static.html"), "-o", sandbox.film()});
  CHECK(open.status.code == 2);
  CHECK_THAT(open.errors, Catch::Contains("--frames or --duration: the composition does not say how long it is"));
  const ToolEnd broken = sandbox.run({"compositions", page("throws_on_load.html"), "--json"});
  CHECK(broken.status.code == 1);
  CHECK(broken.json().at("error").at("code") == "page_error");
  CHECK(sandbox.remains() == "");
}
