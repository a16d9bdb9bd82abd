#include "base/file_request.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <optional>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

void touch(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "x";
}

/// outside/secret.txt, and root/ with a few files in it.
struct Site {
  Site() {
    for (const char* name : {"outside/secret.txt", "root/index.html", "root/a b.txt", "root/ä/ö.png", "root/deep/er/index.html",
                             "root/.env", "root/.git/config", "root/100%.txt", "root/empty/.keep"}) {
      touch(folder / name);
    }
    fs::create_symlink(folder / "outside/secret.txt", folder / "root/leads_out.txt");
    fs::create_directory_symlink(folder / "outside", folder / "root/out");
    fs::create_symlink("a b.txt", folder / "root/leads_in.txt");
    fs::create_directory_symlink(folder / "root", folder / "alias");
  }
  std::string found(std::string_view target, const char* root = "root") const {
    const auto file = resolve_file(folder / root, target);
    return file ? file->lexically_relative(folder / "root").string() : std::string("nothing");
  }
  TempDir folder;
};

struct RangeRow {
  const char* header;
  std::uint64_t size;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> expected;
};

}  // namespace

TEST_CASE("paths: percent signs are decoded, query and fragment cut off", "[http]") {
  CHECK(decode_path("/a%20b.txt") == "/a b.txt");
  CHECK(decode_path("/%C3%A4") == "/ä");
  CHECK(decode_path("/a?b=%zz") == "/a");
  CHECK(decode_path("/a#b") == "/a");
  CHECK(decode_path("/%2e%2E/") == "/../");
  CHECK(decode_path("/%41") == "/A");
  CHECK(decode_path("") == "");
}

TEST_CASE("paths: what is malformed or holds a NUL is nothing", "[http]") {
  for (const char* target : {"/%", "/%4", "/%4g", "/%g4", "/a%00b", "/%-1"}) CHECK_FALSE(decode_path(target).has_value());
  CHECK_FALSE(decode_path(std::string_view("/\0", 2)).has_value());
}

TEST_CASE("paths: every name survives encoding and decoding", "[http]") {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(decode_path(encode_path(all)) == all);
  CHECK(encode_path("/a-z_0.9~") == "/a-z_0.9~");
  CHECK(encode_path("a b?#%") == "a%20b%3F%23%25");
}

TEST_CASE("files: those under the root are found, a folder means its index.html", "[http]") {
  const Site site;
  CHECK(site.found("/") == "index.html");
  CHECK(site.found("/index.html?v=1") == "index.html");
  CHECK(site.found("/a%20b.txt") == "a b.txt");
  CHECK(site.found("/%C3%A4/%C3%B6.png") == "ä/ö.png");
  CHECK(site.found("/100%25.txt") == "100%.txt");
  CHECK(site.found("/deep/er") == "deep/er/index.html");
  CHECK(site.found("/deep/er/") == "deep/er/index.html");
  CHECK(site.found("//a%20b.txt") == "a b.txt");
  CHECK(site.found("/leads_in.txt") == "a b.txt");
  CHECK(site.found("/index.html", "alias") == "index.html");  // the root itself may be a link
}

TEST_CASE("files: nothing outside the root is found, and no hidden file", "[http]") {
  const Site site;
  for (const char* target :
       {"", "index.html", "/nope.txt", "/empty", "/deep", "/.env", "/.git/config", "/./index.html", "/../outside/secret.txt",
        "/%2e%2e/outside/secret.txt", "/deep/%2E%2E/index.html", "/..%2foutside%2fsecret.txt", "/leads_out.txt",
        "/out/secret.txt", "/index.html/", "/index.html%00.png", "/etc/passwd", "//etc/passwd", "/%2fetc%2fpasswd"}) {
    CAPTURE(target);
    CHECK(site.found(target) == "nothing");
  }
  CHECK(site.found("/index.html", "no such root") == "nothing");
}

TEST_CASE("files: a folder next door with a longer name is outside", "[http]") {
  const Site site;
  touch(site.folder / "root2/secret.txt");
  fs::create_symlink(site.folder / "root2/secret.txt", site.folder / "root/next_door.txt");
  CHECK(site.found("/next_door.txt") == "nothing");
}

TEST_CASE("byte ranges: one range, cut to the file; anything else is no range", "[http]") {
  using Pair = std::pair<std::uint64_t, std::uint64_t>;
  const std::vector<RangeRow> rows{
      {"bytes=0-0", 10, Pair{0, 0}},
      {"bytes=2-5", 10, Pair{2, 5}},
      {"bytes=2-", 10, Pair{2, 9}},
      {"bytes=2-99", 10, Pair{2, 9}},
      {"bytes=-3", 10, Pair{7, 9}},
      {"bytes=-99", 10, Pair{0, 9}},
      {"bytes=9-", 10, Pair{9, 9}},
      {"bytes=10-", 10, {}},
      {"bytes=5-2", 10, {}},
      {"bytes=-0", 10, {}},
      {"bytes=-", 10, {}},
      {"bytes=", 10, {}},
      {"bytes=3", 10, {}},
      {"bytes=x-5", 10, {}},
      {"bytes=99999999999999999999-5", 10, {}},
      {"bytes=1-x", 10, {}},
      {"bytes=0-1,4-5", 10, {}},
      {"bytes= 0-1", 10, {}},
      {"items=0-1", 10, {}},
      {"", 10, {}},
      {"bytes=0-", 0, {}},
      {"bytes=18446744073709551615-", 10, {}},
      {"bytes=0-18446744073709551615", 10, Pair{0, 9}},
  };
  for (const RangeRow& row : rows) {
    const auto range = parse_range(row.header, row.size);
    CAPTURE(row.header);
    CHECK(range.has_value() == row.expected.has_value());
    if (range && row.expected) CHECK(Pair{range->first, range->last} == *row.expected);
  }
}

TEST_CASE("file types: what a page is made of is known, the rest is bytes", "[http]") {
  CHECK(mime_type("a/scene.mjs") == "text/javascript");
  for (const char* script : {"DRAW.MJS", "Draw.Js"}) CHECK(mime_type(script) == "text/javascript");
  CHECK(mime_type("LOOK.CSS") == "text/css; charset=utf-8");
  CHECK(mime_type("index.html") == "text/html; charset=utf-8");
  CHECK(mime_type("page.xhtml") == "application/xhtml+xml");
  CHECK(mime_type("font.woff2") == "font/woff2");
  CHECK(mime_type("unknown.bin") == "application/octet-stream");
  CHECK(mime_type("no_extension") == "application/octet-stream");
}
