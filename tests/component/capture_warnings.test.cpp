// What a page asks for and does not get is told with its URL, once.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

int times(std::string_view text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("capture: scripts, modules, style sheets, videos and frames that cannot be loaded are told", "[capture]") {
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
  const HttpServer server(
      {{"/page",
        {.body = R"(<link rel="stylesheet" href=")" + nowhere + R"(a.css"><script src=")" + nowhere +
                 R"(a.js"></script><script type="module" src=")" + nowhere + R"(a.mjs"></script><video src=")" + nowhere +
                 R"(a.mp4"></video><iframe src=")" + nowhere + R"(a.html"></iframe><iframe src="/missing.html"></iframe>
                                              <script src="/missing.js"></script>)"}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 1}).has_value());
    CAPTURE(studio.log());
    for (const char* name : {"Stylesheet NOWHEREa.css", "Script NOWHEREa.js", "Script NOWHEREa.mjs", "Media NOWHEREa.mp4",
                             "Document NOWHEREa.html"}) {
      std::string what = name;
      what.replace(what.find("NOWHERE"), 7, nowhere);
      CAPTURE(what);
      CHECK(times(studio.log(), what + " failed to load: net::ERR_CONNECTION_REFUSED") == 1);
    }
    CHECK(times(studio.log(), server.url("/missing.js") + ": HTTP status 404") == 1);
    CHECK(times(studio.log(), server.url("/missing.html") + ": HTTP status 404") == 1);
  }
}

TEST_CASE("capture: what the page itself takes back is not told", "[capture]") {
  const HttpServer server({{"/page", {.body = R"(<iframe src="/slow"></iframe><script src="/good.js"></script><script>
                               document.querySelector('iframe').remove();
                               const video = document.createElement('video');
                               video.src = '/slow';
                               video.src = '';</script>)"}},
                           {"/good.js", {.type = "text/javascript"}},
                           {"/slow", {.header_delay = std::chrono::hours(1)}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 1}).has_value());
  CAPTURE(studio.log());
  CHECK_FALSE(contains(studio.log(), "failed to load"));
}

TEST_CASE("capture: a page that fails to load things without end is cut short", "[capture]") {
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("many.html", R"(<script>
      for (let i = 0; i < 400; ++i) {
        const script = document.createElement('script');
        script.src = ')" + nowhere + R"(' + i;
        document.head.append(script);
      }</script>)");
  REQUIRE(studio.load(page, {0, 1}).has_value());
  CHECK(times(studio.log(), "failed to load: net::ERR_CONNECTION_REFUSED") == 200);
  CHECK(times(studio.log(), "more than 200 console lines and failed requests") == 1);
}
