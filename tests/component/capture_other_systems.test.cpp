// Pages that another system's renderer drives are refused by name. The look-alikes have what such pages set or are required to
// have, nothing more.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// What the page is driven by, or why it is refused.
std::string found(Studio& studio, const std::string& page) {
  const auto loaded = studio.load(studio.file("index.html", "<!doctype html>" + page), {0, 2});
  if (loaded) return loaded->contract;
  CHECK(loaded.error().code == Errc::page_error);
  CHECK(contains(loaded.error().detail, "define window.renderFrame"));
  return loaded.error().detail;
}

std::string script(const std::string& text) { return "<body><script>" + text + "</script>"; }

std::string root(const std::string& attributes, const std::string& inside = "") {
  return "<body><div data-composition-id=main " + attributes + ">" + inside + "</div>";
}

const std::string size = "data-width=320 data-height=180 ";
const std::string draws = "<script>window.renderFrame = () => {};</script>";

}  // namespace

TEST_CASE("other systems: a Remotion bundle of another format, or without its script, is refused by name, in every backend",
          "[capture]") {
  const std::vector<std::string> bundles{
      script("window.getStaticCompositions = () => [];"),  // version 1
      script("window.getStaticCompositions = () => []; window.siteVersion = '2'; window.setBundleMode = () => {};"),
      script("window.remotion_staticBase = '/public'; window.siteVersion = '11'; window.remotion_version = '4.0.529';"),
  };
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    for (const std::string& bundle : bundles)
      CHECK(contains(found(studio, bundle),
                     "a Remotion bundle whose index.html and script are not those of siteVersion 11, which this version cannot"));
  }
}

TEST_CASE("other systems: a HyperFrames project is refused by name, whatever it has to be moved", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::vector<std::string> projects{
      root(size + "data-start=0 data-duration=3"), root(size, "<p class=clip data-start=0.5 data-duration=1>text</p>"),
      root(size) + "<script>window.__timelines = {main: {}};</script>",
      "<body data-composition-id=main data-width=320 data-height=180 data-duration=3>",
      script("document.body.innerHTML = '<div data-composition-id=a data-width=16 data-height=9 data-duration=1></div>';")};
  for (const std::string& project : projects) {
    CAPTURE(project);
    CHECK(contains(found(studio, project), "a HyperFrames project, which this version cannot render yet"));
  }
}

TEST_CASE("other systems: a page that throws because its system is not there is named, too", "[capture]") {
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string refused =
        found(studio, root(size + "data-start=0 data-duration=3") + "<script>window.__timelines.main = {};</script>");
    CHECK(contains(refused, "Cannot set properties of undefined (setting 'main')"));
    CHECK(contains(refused, "; this is a HyperFrames project, which this version cannot render yet"));
    CHECK(contains(found(studio, root(size + "data-start=0")), "a HyperFrames project"));  // and the browser goes on
  }
}

TEST_CASE("other systems: a page that renderFrame draws is never refused", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  for (const std::string& page :
       {script("window.getStaticCompositions = () => [];"), root(size + "data-start=0 data-duration=3")})
    CHECK(found(studio, page + draws) == "renderFrame");
}

TEST_CASE("other systems: what only has something of them is no project of theirs", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::vector<std::string> pages{
      script("window.siteVersion = '11';"),
      script("window.remotion_staticBase = '/'; window.remotion_imported = '4.0.529'; window.remotion_renderReady = true;"),
      "<body><p id=getStaticCompositions>text</p>",
      root("data-start=0 data-duration=3"),
      root("data-width=auto data-height=auto data-start=0 data-duration=3"),
      root(size),
      "<head><meta data-composition-id=x data-width=1 data-height=1 data-duration=1></head><body>text",
      "<body>" + size + "<p data-start=0 data-duration=3>text</p>",
      R"(<iframe srcdoc="<div data-composition-id=main data-width=9 data-height=9 data-duration=1></div>"></iframe>)",
      "<template>" + root(size + "data-start=0") + "</template>",
  };
  for (const std::string& page : pages) {
    CAPTURE(page);
    CHECK(found(studio, page) == "virtual clock");
  }
}
