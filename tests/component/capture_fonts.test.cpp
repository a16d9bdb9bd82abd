// `font-display` gives fonts up by real time; in a film a declared font is there from the first frame that uses it.
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// How each of them comes to use FONT: in the page, or at frame 3.
struct Way {
  const char* name;
  const char* style;
  const char* late;
};

constexpr Way ways[] = {
    {"optional", "@font-face { font-family: Bars; src: url(FONT); font-display: optional }", ""},
    {"fallback", "@font-face { font-family: Bars; src: url(FONT); font-display: fallback }", ""},
    {"swap", "@layer a { @font-face { font-family: Bars; src: url(FONT); font-display: swap } }", ""},
    {"added", "",
     "const s = document.createElement('style');"
     "s.textContent = '@media all { @font-face { font-family: Bars; src: url(FONT); font-display: optional } }';"
     "document.head.append(s);"},
    {"inserted", "",
     "document.styleSheets[0].insertRule('@font-face { font-family: Bars; src: url(FONT); font-display: optional }')"},
    {"script", "", "document.fonts.add(new FontFace('Bars', 'url(FONT)', {display: 'optional'}))"},
};

std::string page_of(const Way& way) {
  std::string page = R"(<!doctype html><style>body { margin: 0; background: #fff; font: 40px Bars, sans-serif }</style>
      <style>)" + std::string(way.style) +
                     "</style><body>0000<script>setTimeout(() => {" + way.late + "}, 95);</script>";
  const std::string font = std::string("/") + way.name + ".ttf";
  page.replace(page.find("FONT"), 4, font);
  return page;
}

}  // namespace

TEST_CASE("capture: a declared font is there from the first frame that uses it, whatever font-display says", "[capture]") {
  const std::string font = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/bars.ttf");
  std::map<std::string, HttpAnswer> answers;
  for (const Way& way : ways) {
    answers[std::string("/") + way.name] = {.body = page_of(way)};
    answers[std::string("/") + way.name + ".ttf"] = {.type = "font/ttf", .body = font, .header_delay = 400ms};
  }
  const Way plain{"plain", "@font-face { font-family: Bars; src: url(FONT) }", ""};
  const Way none{"none", "/* FONT */", ""};
  answers["/plain"] = {.body = page_of(plain)};
  answers["/plain.ttf"] = {.type = "font/ttf", .body = font};
  answers["/none"] = {.body = page_of(none)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    const auto frames_of = [&](const char* name, const std::vector<std::int64_t>& frames) {
      const auto loaded = studio.load(server.url(std::string("/") + name), {frames.front(), frames.back() + 1});
      REQUIRE((loaded ? std::string() : loaded.error().message()) == "");
      return studio.pictures(frames);
    };
    const std::string with_font = frames_of("plain", {0}).front();
    const std::string without = frames_of("none", {0}).front();
    REQUIRE((with_font != without));
    for (const Way& way : ways) {
      CAPTURE(to_string(mode), way.name);
      const bool is_late = *way.late != '\0';
      const auto sequence = frames_of(way.name, {0, 2, 3, 4});
      CHECK((sequence[0] == (is_late ? without : with_font)));
      CHECK((sequence[1] == (is_late ? without : with_font)));
      CHECK((sequence[2] == with_font));
      CHECK((sequence[3] == with_font));
      CHECK((frames_of(way.name, {3}).front() == with_font));
    }
  }
}
