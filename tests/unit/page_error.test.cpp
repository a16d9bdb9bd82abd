#include "page/page_error.hpp"

#include "base/web_url.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;

TEST_CASE("page error: an exception is told with its place and without its stack", "[page]") {
  const std::string thrown = R"json({"text":"Uncaught","lineNumber":11,"url":"http://h/a.js",)json"
                             R"json("exception":{"description":"TypeError: x is undefined\n    at f (http://h/a.js:12:3)"}})json";
  CHECK(exception_text(thrown) == "TypeError: x is undefined (http://h/a.js:12)");
  const std::string rejected = R"json({"text":"Uncaught (in promise)","exception":{"description":"Error: no data"},)json"
                               R"json("stackTrace":{"callFrames":[{"url":"http://h/b.js","lineNumber":0}]}})json";
  CHECK(exception_text(rejected) == "no data (http://h/b.js:1)");
}

TEST_CASE("page error: whatever is thrown has a text", "[page]") {
  CHECK(exception_text(R"({"text":"Uncaught","exception":{"type":"string","value":"plain"}})") == "plain");
  CHECK(exception_text(R"({"text":"Uncaught","exception":{"type":"number","value":42,"description":"42"}})") == "42");
  CHECK(exception_text(R"({"text":"Uncaught","exception":{"type":"undefined"}})") == "undefined");
  CHECK(exception_text(R"({"text":"Uncaught","exception":{"type":"object","description":"Object","preview":{"properties":[
      {"name":"code","type":"number","value":"5"},{"name":"why","type":"string","value":"late"}]}}})") == "{code: 5, why: late}");
  CHECK(exception_text(R"({"text":"Uncaught SyntaxError"})") == "Uncaught SyntaxError");
  CHECK(exception_text("{}") == "exception without a text");
  CHECK(exception_text("no json") == "exception without a text");
}

TEST_CASE("page error: long texts are cut", "[page]") {
  const std::string details = R"({"exception":{"type":"string","value":")" + std::string(100'000, 'x') + "\"}}";
  CHECK(exception_text(details).size() < 1100);
}

TEST_CASE("page error: console arguments are joined", "[page]") {
  CHECK(console_text(R"({"type":"error","args":[{"type":"string","value":"a"},{"type":"number","value":1,"description":"1"},
      {"type":"object","description":"Object"}]})") == "a 1 Object");
  CHECK(
      console_text(
          R"({"args":[{"type":"boolean","value":true},{"type":"object","subtype":"null","value":null},{"type":"undefined"}]})") ==
      "true null undefined");
  CHECK(console_text(R"({"args":[]})").empty());
}

TEST_CASE("page error: a navigation's failure names the URL and has the code its cause deserves", "[page]") {
  CHECK(navigation_error("file:///a.html", "net::ERR_FILE_NOT_FOUND").code == Errc::composition_not_found);
  CHECK(navigation_error("http://h/", "net::ERR_NAME_NOT_RESOLVED").code == Errc::composition_unreachable);
  const Error certificate = navigation_error("https://h/", "net::ERR_CERT_AUTHORITY_INVALID");
  CHECK(certificate.code == Errc::composition_unreachable);
  CHECK(certificate.detail ==
        "https://h/: net::ERR_CERT_AUTHORITY_INVALID; the server's certificate must be one this machine trusts");
  CHECK(status_error("http://h/", 404).code == Errc::composition_not_found);
  CHECK(status_error("http://h/", 410).code == Errc::composition_not_found);
  CHECK(status_error("http://h/", 503).code == Errc::composition_unreachable);
  CHECK(status_error("http://h/", 503).detail == "http://h/: HTTP status 503");
  CHECK(status_error("http://h/", 404).detail == "http://h/: HTTP status 404");
  CHECK(status_error("http://composition.localhost/a.html", 404).detail ==
        "http://composition.localhost/a.html is not there: the composition's folder has no such file");
  CHECK(status_error("http://composition.localhost/a.html", 403).detail ==
        "http://composition.localhost/a.html: HTTP status 403");
}

TEST_CASE("page error: only a server on this machine is a loopback URL", "[page]") {
  for (const char* url : {"http://localhost/", "http://localhost:8000", "http://composition.localhost/a.html", "https://[::1]:1/",
                          "http://127.0.0.1?x", "http://user:word@127.1.2.3/"}) {
    CAPTURE(url);
    CHECK(is_loopback_url(url));
  }
  for (const char* url : {"http://example.com/localhost", "http://localhost.example.com/", "http://h/@127.0.0.1", "localhost",
                          "http://128.0.0.1/"}) {
    CAPTURE(url);
    CHECK_FALSE(is_loopback_url(url));
  }
}

TEST_CASE("page error: an answer that is no page says what it is", "[page]") {
  const Error download = no_page_error("http://h/a.zip", 200, true);
  CHECK(download.code == Errc::composition_not_found);
  CHECK(download.detail.starts_with("http://h/a.zip is a download"));
  CHECK(no_page_error("http://h/", 204, false).detail.starts_with("http://h/ has no page: HTTP status 204"));
  CHECK(no_page_error("http://h/", 0, false).detail.starts_with("http://h/ leads to no page"));
}

TEST_CASE("page error: a call to Chromium that is not answered is not the time limit of the render", "[page]") {
  const Error silent{.code = Errc::timed_out, .detail = "DOM.enable: no answer in time"};
  CHECK(named_timeout(silent, Stage::start).code == Errc::browser_unavailable);
  CHECK(named_timeout(silent, Stage::load).code == Errc::load_timeout);
  CHECK(named_timeout(silent, Stage::capture).code == Errc::frame_timeout);
  CHECK(named_timeout(silent, Stage::load).stage == Stage::load);
  CHECK(named_timeout(silent, Stage::load).detail ==
        "Chromium does not answer (DOM.enable: no answer in time); this machine may be overloaded");
  const Error other{.code = Errc::page_error, .detail = "x", .stage = Stage::capture};
  CHECK(named_timeout(other, Stage::load).detail == "x");
  CHECK(named_timeout(other, Stage::load).stage == Stage::capture);
}

TEST_CASE("page error: times are told in seconds", "[page]") {
  using namespace std::chrono_literals;
  CHECK(seconds_text(30s) == "30 s");
  CHECK(seconds_text(1500ms) == "1.5 s");
  CHECK(seconds_text(700ms) == "0.7 s");
}
