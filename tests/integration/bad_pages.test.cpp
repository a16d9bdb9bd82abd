// What bad compositions get.
#include "support/contains.hpp"
#include "support/failure.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::test;
using namespace std::chrono_literals;

TEST_CASE("bad pages: a page that throws while it loads is named with what it threw", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("throws_on_load.html"), "0:4", {},
                     {.code = "page_error", .stage = "load", .names = {"broken composition", "throws_on_load.html"}, .chunk = 0});
}

TEST_CASE("bad pages: an error of a local composition names its file", "[bad_pages]") {
  Sandbox sandbox;
  const std::string script = sandbox.file("data 1.js", "throw new Error('broken data');");
  const std::string composition = sandbox.file("page.html", R"(<script src="data 1.js"></script>)");
  check_render_fails(sandbox, composition, "0:4", {},
                     {.code = "page_error", .stage = "load", .names = {"broken data", script + ":1"}, .chunk = 0});
}

TEST_CASE("bad pages: a page that throws at a frame is named with chunk and the composition's frame", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(
      sandbox, page("throws_at_frame.html"), "2:10", {"--chunks", "2"},
      {.code = "page_error", .stage = "capture", .names = {"no data for frame 7", "frame 7"}, .chunk = 1, .frame = 7});
}

TEST_CASE("bad pages: an exception in a callback that the virtual clock runs is the page's error", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("throws_in_callback.html"), "0:10", {},
                     {.code = "page_error", .stage = "capture", .names = {"no data for call 4"}, .chunk = 0, .frame = 4});
}

TEST_CASE("bad pages: a page that never gets ready fails after the load timeout", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("never_ready.html"), "0:4", {"--load-timeout", "3"},
                     {.code = "load_timeout",
                      .stage = "load",
                      .names = {"never_ready.html", "3 s", "orchestratorReady"},
                      .chunk = 0,
                      .within = 30s});
}

TEST_CASE("bad pages: a readiness that rejects is named with its reason", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("rejects.html"), "0:4", {},
                     {.code = "page_error", .stage = "load", .names = {"data not available"}, .chunk = 0});
}

TEST_CASE("bad pages: a frame whose promise never resolves fails after the frame timeout", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(
      sandbox, page("never_resolves.html"), "4:8", {"--frame-timeout", "1"},
      {.code = "frame_timeout", .stage = "capture", .names = {"frame 5", "1 s"}, .chunk = 0, .frame = 5, .within = 8s});
}

TEST_CASE("bad pages: a frame whose promise rejects is named with its reason", "[bad_pages]") {
  Sandbox sandbox;
  const std::string composition = sandbox.file("page.html", R"(<script>
    window.renderFrame = async (frame) => { if (frame === 6) throw new Error('row 6 is missing'); };</script>)");
  check_render_fails(sandbox, composition, "4:8", {},
                     {.code = "page_error", .stage = "capture", .names = {"row 6 is missing"}, .chunk = 0, .frame = 6});
}

TEST_CASE("bad pages: a script that never returns fails after the frame timeout", "[bad_pages]") {
  Sandbox sandbox;
  const std::string composition =
      sandbox.file("page.html", "<script>window.renderFrame = (frame) => { while (frame === 5); };</script>");
  check_render_fails(sandbox, composition, "4:8", {"--frame-timeout", "1"},
                     {.code = "frame_timeout", .stage = "capture", .names = {"frame 5"}, .chunk = 0, .frame = 5, .within = 8s});
}

TEST_CASE("bad pages: a page that crashes its renderer is named with the frame", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("crashes.html"), "1:6", {},
                     {.code = "page_crashed", .stage = "capture", .names = {"renderer process died"}, .chunk = 0, .frame = 3});
}

TEST_CASE("bad pages: a range beyond what the page declares is refused before a frame is rendered", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("declares_length.html"), "15:25", {},
                     {.code = "range_exceeds_composition", .stage = "load", .names = {"20 frames", "frame 24"}, .chunk = 0});
  SECTION("the last declared frame can be rendered") {
    const ToolEnd end = sandbox.render(page("declares_length.html"), "15:20", {"--overwrite"});
    CHECK(end.status.code == 0);
  }
}

TEST_CASE("bad pages: a broken image is named", "[bad_pages]") {
  Sandbox sandbox;
  check_render_fails(sandbox, page("broken_image.html"), "0:4", {},
                     {.code = "page_error", .stage = "load", .names = {"no-such-image.png"}, .chunk = 0});
}

TEST_CASE("bad pages: a missing file, a folder without index.html and a strange scheme are named", "[bad_pages]") {
  Sandbox sandbox;
  const auto [composition, name] =
      GENERATE(table<std::string, std::string>({{"/no/such/page.html", "/no/such/page.html"},
                                                {"/usr/include", "/usr/include/index.html"},
                                                {"ftp://example.com/page", "ftp://example.com/page"}}));
  check_render_fails(sandbox, composition, "0:4", {}, {.code = "composition_not_found", .stage = "load", .names = {name}});
}

TEST_CASE("bad pages: a composition that is no page is refused at once, with what it is", "[bad_pages]") {
  Sandbox sandbox;
  const auto [name, found] = GENERATE(table<std::string, std::string>({{"n.mp4", "is video/mp4, not a page"},
                                                                       {"notes.txt", "is text/plain, not a page"},
                                                                       {"picture.png", "is image/png, not a page"},
                                                                       {"data.json", "is application/json, not a page"},
                                                                       {"README", "is no page that a browser could show"}}));
  check_render_fails(sandbox, sandbox.file(name, "x"), "0:4", {},
                     {.code = "composition_not_found", .stage = "load", .names = {name, found, "give an HTML or SVG file"}});
}

TEST_CASE("bad pages: a folder without an index.html is told with the page that may be meant", "[bad_pages]") {
  Sandbox sandbox;
  const std::string page = sandbox.file("intro.html", "<p>text");
  const std::string folder = page.substr(0, page.rfind('/'));
  check_render_fails(sandbox, folder, "0:4", {},
                     {.code = "composition_not_found", .stage = "load", .names = {folder + "/index.html", "such as " + page}});
}

TEST_CASE("bad pages: a bundle of Remotion and a project of HyperFrames are refused by name", "[bad_pages]") {
  Sandbox sandbox;
  const auto [text, name] = GENERATE(table<std::string, std::string>(
      {{R"(<!DOCTYPE html><html><body>
          <script>window.remotion_staticBase = "/public";</script>
          <script>window.remotion_audioEnabled = true; window.remotion_cwd = "/project";</script>
          <script>window.siteVersion = '11'; window.remotion_version = '4.0.529';</script>
          <div id="video-container"></div><script src="bundle.js"></script></body></html>)",
        "this is a Remotion bundle whose index.html and script are not those of siteVersion 11, which"},
       {R"(<!doctype html><body><div id="root" data-composition-id="main" data-start="0" data-duration="3" data-width="160"
            data-height="90"><h1 class="clip" data-start="0.5" data-duration="1" data-track-index="1">title</h1></div>
          <script>window.__timelines = {main: {}};</script>)",
        "this is a HyperFrames project, which this version cannot render yet"}}));
  sandbox.file("bundle.js", "window.getStaticCompositions = () => []; document.body.append('interface');");
  const std::string composition = sandbox.file("index.html", text);
  check_render_fails(
      sandbox, composition, "0:4", {"--chunks", "2"},
      {.code = "page_error", .stage = "load", .names = {composition, name, "define window.renderFrame"}, .chunk = 0});
}

TEST_CASE("bad pages: a folder with another system's project says what it needs", "[bad_pages]") {
  Sandbox sandbox;
  const std::string path = sandbox.file("package.json", R"({"dependencies":{"remotion":"4.0.529"}})");
  const std::string folder = path.substr(0, path.rfind('/'));
  check_render_fails(
      sandbox, folder, "0:4", {},
      {.code = "composition_not_found", .stage = "load", .names = {folder + "/index.html", "run npx remotion bundle"}});
}

TEST_CASE("bad pages: a file of the composition that is not there is told as a path", "[bad_pages]") {
  Sandbox sandbox;
  const std::string page = sandbox.file("page.html", R"(<script src="lost/main.js"></script>)");
  const ToolEnd end = sandbox.render(page, "0:2");
  CHECK(end.status.code == 0);
  CHECK(contains(end.errors, "Script " + page.substr(0, page.rfind('/')) + "/lost/main.js is not there"));
}

TEST_CASE("bad pages: HTTP 404 and 500 are named with URL and status", "[bad_pages]") {
  Sandbox sandbox;
  const HttpServer server({{"/broken", {.status = 500, .body = "sorry"}}});
  const auto [path, status, code] = GENERATE(table<std::string, std::string, std::string>(
      {{"/gone", "404", "composition_not_found"}, {"/broken", "500", "composition_unreachable"}}));
  check_render_fails(sandbox, server.url(path), "0:4", {},
                     {.code = code, .stage = "load", .names = {server.url(path), status}, .chunk = 0});
}

TEST_CASE("bad pages: a URL nobody answers is named", "[bad_pages]") {
  Sandbox sandbox;
  const auto url = GENERATE("http://127.0.0.1:" + std::to_string(closed_port()) + "/", "http://no-such-host.invalid/page");
  check_render_fails(sandbox, url, "0:4", {"--load-timeout", "10"},
                     {.code = "composition_unreachable", .stage = "load", .names = {url}, .chunk = 0});
}
