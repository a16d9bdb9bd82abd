// What arrives, but is refused by the browser (for its media type, its integrity, by a policy, or because it is another
// origin's), is told with its URL. If it is one of the composition's own files, it ends the film.
#include "support/contains.hpp"
#include "support/scripted_http.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
const std::string no_digest = R"(integrity="sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")";

/// Answers by path: headers and body.
HttpScript site(const HttpCall& call, const std::string& page) {
  const std::map<std::string, std::pair<std::string, std::string>> files{
      {"/page", {"Content-Type: text/html\r\n", "<!doctype html>" + page}},
      {"/strict",
       {"Content-Type: text/html\r\nContent-Security-Policy: script-src 'self' 'unsafe-inline'; connect-src 'none'; "
        "media-src 'none'; frame-src 'none'; worker-src 'none'; object-src 'none'\r\n",
        "<!doctype html>" + page}},
      {"/plain.css", {"Content-Type: text/plain\r\n", "a {}"}},
      {"/plain.mjs", {"Content-Type: text/plain\r\n", "1"}},
      {"/picture.js", {"Content-Type: image/png\r\n", "1"}},
      {"/a.js", {"Content-Type: text/javascript\r\n", "1"}},
      {"/a.css", {"Content-Type: text/css\r\n", "a {}"}},
      {"/a.json", {"Content-Type: application/json\r\n", "{}"}},
      {"/a.html", {"Content-Type: text/html\r\n", "frame"}},
      {"/own.js", {"Content-Type: text/javascript\r\nCross-Origin-Resource-Policy: same-origin\r\n", "1"}},
      {"/unframed.html", {"Content-Type: text/html\r\nX-Frame-Options: DENY\r\n", "frame"}}};
  const auto found = files.find(std::string(call.target()));
  return found == files.end() ? http_answer(404) : http_answer(200, found->second.second, found->second.first);
}

int times(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// The number of lines that have the URL and the words.
int lines_with(const std::string& log, const std::string& url, const std::string& words) {
  int count = 0;
  for (std::size_t at = 0; at < log.size();) {
    const auto end = log.find('\n', at);
    const std::string line = log.substr(at, end - at);
    if (contains(line, url) && contains(line, words)) ++count;
    at = end + 1;
  }
  return count;
}

}  // namespace

TEST_CASE("capture: what another server sends and the browser refuses is told with its URL and why", "[capture][refusals]") {
  const ScriptedHttp other([](const HttpCall& call) { return site(call, ""); });
  const std::string there = other.origin();
  const std::string page = R"(<link rel="stylesheet" href="/plain.css"><script src="/picture.js"></script>
      <script type="module" src="/plain.mjs"></script><script src="/a.js" )" +
                           no_digest + R"(></script><link rel="stylesheet" href="/a.css" )" + no_digest +
                           R"(><script crossorigin src=")" + there +
                           R"(/a.js"></script><link rel="stylesheet" crossorigin href=")" + there + R"(/a.css"><script src=")" +
                           there + R"(/own.js"></script><iframe src=")" + there + R"(/unframed.html"></iframe><script>fetch(')" +
                           there + R"(/a.json').catch(() => {})</script>)";
  const ScriptedHttp server([&](const HttpCall& call) { return site(call, page); });
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    REQUIRE(error_of(studio.load(server.origin() + "/page", {0, 2})) == "");
    REQUIRE(studio.take(1).has_value());
    const std::string& log = studio.log();
    CAPTURE(to_string(mode), log);
    CHECK(lines_with(log, server.origin() + "/plain.css", "text/plain, not text/css") == 1);
    CHECK(lines_with(log, server.origin() + "/picture.js", "image/png") == 1);
    CHECK(lines_with(log, server.origin() + "/plain.mjs", "MIME type of \"text/plain\"") == 1);
    CHECK(lines_with(log, server.origin() + "/a.js", "integrity") == 1);
    CHECK(lines_with(log, server.origin() + "/a.css", "integrity") == 1);
    for (const char* name : {"/a.js", "/a.css", "/a.json"}) {
      CAPTURE(name);
      CHECK(lines_with(log, there + name + " ", "CORS, MissingAllowOriginHeader") == 1);
    }
    CHECK(lines_with(log, there + "/own.js", "corp-not-same-origin") == 1);
    CHECK(lines_with(log, there + "/unframed.html", "refuses it") == 1);
  }
}

TEST_CASE("capture: what a content security policy refuses is told with its URL, once", "[capture][refusals]") {
  const ScriptedHttp other([](const HttpCall& call) { return site(call, ""); });
  const std::string there = other.origin();
  const std::string page = R"(<script src=")" + there + R"(/a.js"></script><iframe src="/a.html"></iframe>
      <object data="/plain.css"></object><script>
        fetch('/a.json').catch(() => {});
        try { new Worker('/own.js') } catch {}
        try { eval('1') } catch {}
      </script>)";
  const ScriptedHttp server([&](const HttpCall& call) { return site(call, page); });
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    REQUIRE(error_of(studio.load(server.origin() + "/strict", {0, 1})) == "");
    const std::string& log = studio.log();
    CAPTURE(to_string(mode), log);
    for (const std::string& url : {there + "/a.js", server.origin() + "/a.html", server.origin() + "/plain.css",
                                   server.origin() + "/a.json", server.origin() + "/own.js"}) {
      CAPTURE(url);
      CHECK(lines_with(log, "'" + url + "'", "Content Security Policy") == 1);
      CHECK(times(log, url + " failed to load") == 0);
    }
  }
}

TEST_CASE("capture: one of the composition's own files that the browser refuses ends the film, with its name",
          "[capture][refusals]") {
  const std::string policy = R"(<meta http-equiv="content-security-policy" content="connect-src 'none'; font-src 'none'">)";
  const std::map<std::string, std::string> pages{
      {R"(<link rel="stylesheet" href="look.txt">)", "look.txt"},
      {R"(<style>@import "look.txt";</style>)", "look.txt"},
      {R"(<script type="module" src="look.txt"></script>)", "look.txt"},
      {R"(<script>import('./look.txt').catch(() => {})</script>)", "look.txt"},
      {R"(<script src="look.png"></script>)", "look.png"},
      {R"(<script src="look.js" )" + no_digest + "></script>", "look.js"},
      {policy + R"(<script>fetch('look.js').catch(() => {})</script>)", "look.js"},
      {R"(<iframe sandbox srcdoc="<link rel=stylesheet crossorigin href=http://composition.localhost/look.js>"></iframe>)",
       "look.js"},
      {R"(<script>window.renderFrame = (n) => n === 1 && import('./look.txt').catch(() => {})</script>)", "look.txt"}};
  Studio studio(CaptureMode::screenshot);
  for (const char* file : {"look.txt", "look.png", "look.js"}) studio.file(file, "a {}");
  for (const auto& [page, name] : pages) {
    CAPTURE(page);
    const std::string url = studio.serve(studio.file("index.html", "<!doctype html>" + page), [](auto) { return 0ms; });
    const auto loaded = studio.load(url, {0, 3});
    Error error = loaded ? Error{} : loaded.error();
    for (std::int64_t frame = 0; frame < 3 && error.detail.empty(); ++frame) {
      const auto taken = studio.take(frame);
      if (!taken) error = taken.error();
    }
    CAPTURE(error.detail);
    CHECK(error.code == Errc::page_error);
    CHECK(contains(error.detail, "http://composition.localhost/" + name));
  }
}

TEST_CASE("capture: the same in every backend", "[capture][refusals]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    studio.file("look.txt", "a {}");
    for (const char* page : {R"(<link rel="stylesheet" href="look.txt">)", R"(<script type="module" src="look.txt"></script>)"}) {
      CAPTURE(page);
      const auto url = studio.serve(studio.file("index.html", "<!doctype html>" + std::string(page)), [](auto) { return 0ms; });
      CHECK(contains(error_of(studio.load(url, {0, 1})), "look.txt"));
    }
  }
}

TEST_CASE("capture: names in capitals have their types, and what a browser takes is not refused", "[capture][refusals]") {
  const std::string draw = "window.renderFrame = () => { document.body.append('drawn') };";
  const std::map<std::string, std::string> pages{
      {"<!doctype html><link rel=stylesheet href=LOOK.CSS><script>" + draw + "</script>", "a style sheet"},
      {"<!doctype html><style>html { background: #f00 }</style><script type=module src=DRAW.MJS></script>", "a module"},
      {"<link rel=stylesheet href=look.txt><script>" + draw + "</script>", "a text as style sheet in quirks mode"},
      {"<!doctype html><link rel=stylesheet href=LOOK.CSS><iframe sandbox src=frame.html></iframe><script>" + draw + "</script>",
       "a frame without scripts"}};
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::screenshot}) {
    Studio studio(mode);
    for (const char* name : {"LOOK.CSS", "look.txt"}) studio.file(name, "html { background: #f00 }");
    studio.file("DRAW.MJS", draw);
    studio.file("frame.html", "<!doctype html><script>1</script>");
    for (const auto& [page, what] : pages) {
      CAPTURE(to_string(mode), what);
      const std::string url = studio.serve(studio.file("index.html", page), [](auto) { return 0ms; });
      REQUIRE(error_of(studio.load(url, {0, 2})) == "");
      const std::string picture = studio.pictures({0}).front();
      CHECK(picture.substr(picture.size() - 4, 3) == std::string("\x00\x00\xff", 3));  // red in the lower right corner
      CAPTURE(studio.log());
      for (const char* word : {"efuse", "blocked", "does not use"}) CHECK_FALSE(contains(studio.log(), word));
    }
  }
}
