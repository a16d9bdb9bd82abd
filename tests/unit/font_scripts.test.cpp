#include "orchestrator/font_scripts.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::test;
using namespace orchestrator::tool;

TEST_CASE("font scripts: what fonts write is said, and which package brings the rest", "[tool]") {
  const Check check = check_fonts("20-7e a0-17f 3b1-3c9 436\n5d0-5ea 6f22\n");
  CHECK(check.name == "fonts");
  CHECK_FALSE(check.ok);
  CHECK_FALSE(check.required);
  CHECK(
      contains(check.detail, "2 fonts, which write Latin, Greek, Cyrillic, Hebrew, Han; boxes instead of Arabic, Kana, Hangul"));
  CHECK(contains(check.detail, "Thai"));
  CHECK(check.remedy == "apt-get install fonts-noto-core fonts-noto-cjk fonts-dejavu-core fonts-noto-color-emoji");
}

TEST_CASE("font scripts: a machine without fonts writes nothing", "[tool]") {
  const Check check = check_fonts("");
  CHECK(contains(check.detail, "0 fonts; boxes instead of Latin"));
  CHECK(contains(check.remedy, "fonts-dejavu-core"));
}

TEST_CASE("font scripts: a machine that has all of them needs nothing", "[tool]") {
  const Check check = check_fonts("20-10ffff\n");
  CHECK(check.ok);
  CHECK(check.remedy.empty());
  CHECK_FALSE(contains(check.detail, "boxes"));
}

TEST_CASE("font scripts: the ends of a range belong to it, and odd text to none", "[tool]") {
  CHECK(contains(check_fonts("41\n").detail, "write Latin;"));
  CHECK(contains(check_fonts("40-41\n").detail, "write Latin;"));
  CHECK(contains(check_fonts("41-\n").detail, "write Latin;"));
  for (const char* charsets : {"40 42\n", "42-43\n", "-\n", "xyz\n", "ffffffffffff\n"}) {
    CAPTURE(charsets);
    CHECK_FALSE(contains(check_fonts(charsets).detail, "write Latin"));
  }
}
