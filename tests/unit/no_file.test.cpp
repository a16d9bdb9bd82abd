#include "base/no_file.hpp"
#include "orchestrator/text_file.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

TEST_CASE("no file: the reason is said, not only that it is none", "[base]") {
  const TempDir folder;
  write_file(folder / "page.html", "<p>");
  fs::create_symlink("circle", folder / "circle");  // root gets in everywhere else
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(why_no_file(folder / "page.html") == "");
  CHECK(why_no_file(folder / "none.html") == "No such file or directory");
  CHECK(why_no_file(folder / "circle") == "Too many levels of symbolic links");
  CHECK(why_no_file(folder / "pipe") == "it is a pipe or a device, not a file");
  CHECK(why_no_file(folder.path()) == "it is a folder");
}

TEST_CASE("text of a file: why there is none is said", "[tool]") {
  const TempDir folder;
  write_file(folder / "empty", "");
  write_file(folder / "full", "{}");
  fs::create_symlink("circle", folder / "circle");
  const auto why = [&](const char* name) { return tool::text_of_file((folder / name).string()).error().detail; };
  CHECK(contains(why("empty"), "empty: it is empty"));
  CHECK(contains(why("none"), "cannot read " + (folder / "none").string() + ": No such file"));
  CHECK(contains(why("circle"), "circle: Too many levels of symbolic links"));
  CHECK(contains(why("."), "it is a folder"));
  CHECK(*tool::text_of_file((folder / "full").string()) == "{}");
}
