// What a page loads before it is ready: it is the load's business, and what it cannot be made of is told at once.
#include "support/contains.hpp"
#include "support/scripted_http.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// Above the 5 s that another server's answer has later (UnderWay).
constexpr auto slow = 6500ms;

const std::string red_picture =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="red"/></svg>)";

std::size_t red_pixels(const std::string& picture) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < picture.size(); at += 4) {
    if (picture.compare(at, 3, std::string("\x00\x00\xff", 3)) == 0) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("capture: what delays the load event has the load's time limit, whichever server it comes from", "[capture][loading]") {
  const HttpServer server({{"/page", {.body = R"(<body style="margin:0"><script src="/slow.js"></script><img src="/slow.svg">
                               <iframe src="/slow.html" width=40 height=40 style="border:0"></iframe>
                               <script>drawBox()</script>)"}},
                           {"/slow.js",
                            {.type = "text/javascript",
                             .body = R"(const drawBox = () => document.body.insertAdjacentHTML('beforeend',
                                          '<div style="width:40px;height:40px;background:#f00">');)",
                             .header_delay = slow}},
                           {"/slow.svg", {.type = "image/svg+xml", .body = red_picture, .header_delay = slow}},
                           {"/slow.html", {.body = "<body style='margin:0;background:red'>", .body_delay = slow}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 2})) == "");
  CHECK(red_pixels(studio.pictures({0}).front()) == std::size_t{3} * 40 * 40);
  CAPTURE(studio.log());
  CHECK_FALSE(contains(studio.log(), "waited for any longer"));
}

TEST_CASE("capture: what delays the load event for longer than the load may take is named", "[capture][loading]") {
  const HttpServer server({{"/script", {.body = "<script src=/late></script>"}},
                           {"/picture", {.body = "<img src=/late>"}},
                           {"/frame", {.body = "<iframe src=/late></iframe>"}},
                           {"/half", {.body = "<img src=/late.svg>"}},
                           {"/late", {.header_delay = 1h}},
                           {"/late.svg", {.type = "image/svg+xml", .body = red_picture, .body_delay = 1h}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    Studio studio(mode);
    for (const char* page : {"/script", "/picture", "/frame", "/half"}) {
      CAPTURE(to_string(mode), page);
      const auto loaded = studio.load(server.url(page), {0, 1}, {.load = 2s});
      REQUIRE_FALSE(loaded.has_value());
      CHECK(loaded.error().code == Errc::load_timeout);
      CHECK(contains(loaded.error().detail, server.url("/late")));
    }
  }
}

TEST_CASE("capture: a file that is no page is refused at once, with what it is and what to give", "[capture][loading]") {
  const HttpServer server(
      {{"/film", {.type = "video/mp4", .body = "x"}},
       {"/text", {.type = "text/plain", .body = "x"}},
       {"/data", {.type = "application/json", .body = "{}"}},
       {"/picture", {.type = "image/png", .body = "x"}},
       {"/bytes", {.type = "application/octet-stream", .body = "x"}},
       {"/leaves", {.body = "<script>location.replace('/text')</script>"}},
       {"/drawing", {.type = "image/svg+xml", .body = red_picture}},
       {"/xhtml", {.type = "application/xhtml+xml", .body = "<html xmlns='http://www.w3.org/1999/xhtml'/>"}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::screenshot}) {
    Studio studio(mode);
    for (const auto& [path, found] :
         {std::pair{"/film", "/film is video/mp4"}, std::pair{"/text", "/text is text/plain"},
          std::pair{"/data", "/data is application/json"}, std::pair{"/picture", "/picture is image/png"},
          std::pair{"/bytes", "/bytes is no page"}, std::pair{"/leaves", "/text is text/plain"}}) {
      CAPTURE(to_string(mode), path);
      const auto loaded = studio.load(server.url(path), {0, 1});
      REQUIRE_FALSE(loaded.has_value());
      CHECK(loaded.error().code == Errc::composition_not_found);
      CHECK(contains(loaded.error().detail, found));
      CHECK(contains(loaded.error().detail, "give an HTML or SVG file"));
    }
    for (const char* path : {"/drawing", "/xhtml"}) {
      CAPTURE(to_string(mode), path);
      CHECK(error_of(studio.load(server.url(path), {0, 1})) == "");
    }
  }
}

TEST_CASE("capture: a download, an answer without content and one that leads nowhere are named as what they are",
          "[capture][loading]") {
  const ScriptedHttp server([](const HttpCall& call) {
    const std::string path(call.target());
    if (path == "/empty") return http_answer(204);
    if (path == "/reset") return http_answer(205);
    if (path == "/same") return http_answer(304);
    if (path == "/mail") return http_answer(302, "", "Location: mailto:a@b\r\n");
    if (path == "/to-download") return http_answer(302, "", "Location: /download\r\n");
    if (path == "/stays")
      return http_answer(200, "<script>onload = () => { location = '/empty' }</script>", "Content-Type: text/html\r\n");
    return http_answer(200, "<p>", "Content-Type: text/html\r\nContent-Disposition: attachment\r\n");
  });
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    Studio studio(mode);
    for (const auto& [path, found] :
         {std::pair{"/download", "/download is a download"}, std::pair{"/to-download", "/download is a download"},
          std::pair{"/empty", "/empty has no page: HTTP status 204"}, std::pair{"/reset", "/reset has no page: HTTP status 205"},
          std::pair{"/same", "/same leads to no page"}, std::pair{"/mail", "/mail leads to no page"}}) {
      CAPTURE(to_string(mode), path);
      const auto loaded = studio.load(server.origin() + path, {0, 1});
      REQUIRE_FALSE(loaded.has_value());
      CHECK(loaded.error().code == Errc::composition_not_found);
      CHECK(contains(loaded.error().detail, found));
      CHECK_FALSE(contains(loaded.error().detail, "ERR_ABORTED"));
    }
    CHECK(error_of(studio.load(server.origin() + "/stays", {0, 1})) == "");
  }
}

TEST_CASE("capture: a page that leaves while it is filmed is told with where it goes", "[capture][loading]") {
  const std::string leave = "let n = 0; requestAnimationFrame(function next() { if (++n === 3) ";
  const std::string end = "; requestAnimationFrame(next) });";
  const HttpServer server(
      {{"/other", {.body = "<p>other"}},
       {"/assigns", {.body = "<script>" + leave + "location = '/other'" + end + "</script>"}},
       {"/submits", {.body = "<form action=/other></form><script>" + leave + "document.forms[0].submit()" + end + "</script>"}},
       {"/draws",
        {.body = "<script>window.renderFrame = async (n) => { if (n === 2) { location = '/other';"
                 "await new Promise((resolve) => setTimeout(resolve, 300)) } }</script>"}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const char* page : {"/assigns", "/submits", "/draws"}) {
      CAPTURE(to_string(mode), page);
      Studio studio(mode);
      REQUIRE(error_of(studio.load(server.url(page), {0, 6})) == "");
      std::string told;
      for (std::int64_t frame = 0; frame < 6 && told.empty(); ++frame) {
        const auto taken = studio.take(frame);
        if (!taken) told = taken.error().message();
      }
      CHECK(contains(told, "navigated to " + server.url("/other")));
      CHECK(studio.session().alive() == (mode != CaptureMode::beginframe));
    }
  }
}
