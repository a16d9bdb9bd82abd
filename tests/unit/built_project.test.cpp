#include "render/built_project.hpp"

#include "render/resolve_composition.hpp"
#include "support/contains.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/worker/composition.hpp>

#include <catch2/catch.hpp>

#include <fstream>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

/// A file in the folder, and its path.
fs::path put(const TempDir& folder, const fs::path& name) {
  fs::create_directories((folder / name).parent_path());
  std::ofstream(folder / name) << "{}";
  return folder / name;
}

std::vector<std::string> sheets_of(const fs::path& script) { return with_style_sheets({}, script.string()).style_sheets; }

}  // namespace

TEST_CASE("built project: a script in src belongs to the folder around it, any other document to its own", "[render]") {
  CHECK(composition_root("/x/dist/src/project.js") == "/x/dist");
  CHECK(composition_name("/x/dist/src/project.js") == "src/project.js");
  for (const char* document :
       {"/x/src/index.html", "/x/src/film.js", "/x/src/deeper/project.js", "/x/dist/project.js", "project.js"}) {
    CAPTURE(document);
    CHECK(composition_root(document) == fs::path(document).parent_path());
    CHECK(composition_name(document) == fs::path(document).filename().string());
  }
}

TEST_CASE("built project: a folder with one script of a project stands for it, unless it has a page", "[render]") {
  const TempDir folder;
  put(folder, "assets/project.js");
  put(folder, "my-project.js");
  CHECK_FALSE(resolve_composition(folder.path().string()).has_value());
  const fs::path script = put(folder, "src/project-Ab_1.js");
  CHECK(resolve_composition(folder.path().string()).value() == script);
  put(folder, "project.js");
  CHECK(contains(resolve_composition(folder.path().string()).error().detail, "several scripts of projects"));
  CHECK(resolve_composition((folder / "project.js").string()).value() == folder / "project.js");
  CHECK(contains(resolve_composition(script.string()).error().detail, "all files of the folder around src: give that, "));
  const fs::path page = put(folder, "index.html");
  CHECK(resolve_composition(folder.path().string()).value() == page);
}

TEST_CASE("built project: the source of a project is not taken for a built one", "[render]") {
  const TempDir folder;
  put(folder, "src/project.js");
  std::ofstream(folder / "package.json") << R"({"dependencies":{"@motion-canvas/core":"3"}})";
  CHECK(contains(resolve_composition(folder.path().string()).error().detail, "run npx vite build"));
}

TEST_CASE("built project: a script gets the style sheets beside it, and no page does", "[render]") {
  const TempDir folder;
  const fs::path script = put(folder, "src/project.js");
  CHECK(sheets_of(script).empty());
  for (const char* name : {"b #1.css", "a.css", "assets/c.CSS", "src/d.css", "assets/deep/e.css", "f.css.map"}) put(folder, name);
  CHECK(sheets_of(script) == std::vector<std::string>{"/a.css", "/b%20%231.css", "/assets/c.CSS"});
  CHECK(sheets_of(put(folder, "project.js")) == sheets_of(script));
  CHECK(sheets_of(put(folder, "index.html")).empty());
  CHECK(sheets_of("https://example.com/project.js").empty());
  CHECK(with_style_sheets({.style_sheets = {"/mine.css"}}, script.string()).style_sheets ==
        std::vector<std::string>{"/mine.css"});
}
