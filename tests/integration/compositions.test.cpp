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
