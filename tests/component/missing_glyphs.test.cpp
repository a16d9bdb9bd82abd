// Text that is shown as boxes is told with script and code point; text that is shown well is not.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// The code point and what it is called, of characters that no font has anywhere: of private use.
std::string missing(const std::string& point) { return "U+" + point + " (private use"; }

int times(std::string_view text, std::string_view part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string log_of(const std::string& page, CaptureMode mode = CaptureMode::screenshot) {
  Studio studio(mode);
  REQUIRE(studio.load(studio.file("page.html", "<!doctype html><meta charset=utf-8>" + page), {0, 3}).has_value());
  for (const std::int64_t frame : {0, 1, 2}) REQUIRE(studio.take(frame).has_value());
  return studio.log();
}

}  // namespace

TEST_CASE("glyphs: text that no font has is told once a script, with its first character", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    const std::string log = log_of("<p>fine &#xF123; &#xF124;</p><p>&#xF125;</p>", mode);
    CAPTURE(log);
    CHECK(times(log, missing("F123")) == 1);
    CHECK(times(log, "no font") == 1);
    CHECK(contains(log, "orchestrator doctor"));
  }
}

TEST_CASE("glyphs: what comes with one frame is told in one line, whatever its scripts", "[capture]") {
  // Scripts for which no machine of ours has fonts, and one of private use.
  const std::string log = log_of("<p>&#xF123; &#x12000; &#x13000; &#x1B000; &#x104B0;</p>");
  CAPTURE(log);
  CHECK(times(log, "no font") == 1);
  CHECK(contains(log, missing("F123")));
  CHECK(contains(log, "U+12000 (Cuneiform), U+13000 (Egyptian Hieroglyphs)"));
}

TEST_CASE("glyphs: it is seen wherever a page writes", "[capture]") {
  CHECK(contains(log_of("<style>p::after{content:'\\F123'}</style><p>x</p>"), missing("F123")));
  CHECK(contains(log_of("<style>@media screen{p::before{content:'\\F123'}}</style><p>x</p>"), missing("F123")));
  CHECK(
      contains(log_of("<div id=a></div><script>a.attachShadow({mode:'closed'}).innerHTML='\\uF123'</script>"), missing("F123")));
  CHECK(contains(log_of("<svg><text y=20>&#xF123;</text></svg>"), missing("F123")));
  CHECK(contains(log_of("<canvas id=a></canvas><script>a.getContext('2d').fillText('\\uF123',9,9)</script>"), missing("F123")));
  CHECK(
      contains(log_of("<script>new OffscreenCanvas(9,9).getContext('2d').strokeText('\\uF123',9,9)</script>"), missing("F123")));
  CHECK(contains(log_of("<iframe srcdoc='&#xF123;'></iframe>"), missing("F123")));
}

TEST_CASE("glyphs: what changes or is shown later is told then", "[capture]") {
  const std::string later = "<script>let n=0;requestAnimationFrame(function f(){if(++n===2){";
  const std::string end = "}requestAnimationFrame(f)})</script>";
  CHECK(contains(log_of("<p id=a>x</p>" + later + "a.firstChild.data='\\uF123'" + end), missing("F123")));
  CHECK(contains(log_of(later + "document.body.append('\\uF123')" + end), missing("F123")));
  CHECK(contains(log_of("<p id=a hidden>&#xF123;</p>" + later + "a.hidden=false" + end), missing("F123")));
}

TEST_CASE("glyphs: web fonts, invisible characters and hidden text are no false alarm", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("icon_font.html", {0, 5}).has_value());
    studio.pictures({0, 1, 2, 3, 4});
    CAPTURE(studio.log());
    CHECK_FALSE(contains(studio.log(), "no font"));
  }
}

TEST_CASE("glyphs: in a strict render they are an error", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const PageSettings strict{.strict = true};
  REQUIRE(studio.load(studio.file("page.html", "&#xF123;"), {0, 1}, {}, strict).has_value());
  const auto frame = studio.take(0);
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == Errc::page_error);
  CHECK(contains(frame.error().detail, missing("F123")));
}
