#include "page/refusals.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;

namespace {

std::string entry(const std::string& text, const std::string& more = R"(,"source":"security","level":"error")") {
  return R"({"entry":{"text":")" + text + R"(","url":"http://page/index.html")" + more + "}}";
}

std::string refused_url(const std::string& text) {
  const auto refusal = refusal_in_log(entry(text));
  return refusal ? refusal->url : "no refusal";
}

std::string sheet(const std::string& header) { return R"({"response":{"headers":{"Content-Length":"3",)" + header + "}}}"; }

}  // namespace

// The texts are Chromium's (156).
TEST_CASE("refusals: the log names what was refused, or the document in which it lies", "[page]") {
  CHECK(refused_url("Refused to execute script from 'http://h/a.js' because its MIME type ('image/png') is not executable.") ==
        "http://h/a.js");
  CHECK(refused_url(
            "Failed to find a valid digest in the 'integrity' attribute for resource 'http://h/a.css' with computed SHA-256 "
            "integrity 'X='. The resource has been blocked.") == "http://h/a.css");
  CHECK(refused_url("Connecting to 'http://h/a.json' violates the following Content Security Policy directive: \\\"connect-src "
                    "'none'\\\". The action has been blocked.") == "http://h/a.json");
  CHECK(refused_url(
            "Failed to load module script: Expected a JavaScript-or-Wasm module script but the server responded with a MIME "
            "type of \\\"text/plain\\\".") == "http://page/index.html");
  const auto within =
      refusal_in_log(entry("Executing inline script violates the following Content Security Policy directive "
                           "'script-src 'self''. The action has been blocked."));
  REQUIRE(within.has_value());
  CHECK(within->url.empty());
  CHECK(within->text.ends_with("The action has been blocked. (http://page/index.html)"));
}

TEST_CASE("refusals: other entries of the log are none", "[page]") {
  CHECK(refused_url("Blocked script execution in 'http://h/frame.html' because the document's frame is sandboxed and the "
                    "'allow-scripts' permission is not set.") == "no refusal");
  const std::string text = "The action has been blocked.";
  for (const char* more : {R"(,"source":"security","level":"info")", R"(,"source":"network","level":"error")",
                           R"(,"source":"javascript","category":"cors","level":"error")", ""}) {
    CHECK_FALSE(refusal_in_log(entry(text, more)).has_value());
  }
  for (const char* broken : {"", "{}", R"({"entry":7})", "no json"}) CHECK_FALSE(refusal_in_log(broken).has_value());
}

TEST_CASE("refusals: a request says why it was refused", "[page]") {
  const auto cors = block_reason(R"({"errorText":"net::ERR_FAILED","corsErrorStatus":{"corsError":"MissingAllowOriginHeader"}})");
  REQUIRE(cors.has_value());
  CHECK(cors->find("CORS, MissingAllowOriginHeader") != std::string::npos);
  CHECK(block_reason(R"({"errorText":"net::ERR_X","blockedReason":"corp-not-same-origin"})") ==
        "the browser refuses it (net::ERR_X, corp-not-same-origin)");
  CHECK(block_reason(R"({"errorText":"","blockedReason":"origin"})") == "the browser refuses it (origin)");
  CHECK_FALSE(block_reason(R"({"errorText":"","blockedReason":"csp"})").has_value());
  CHECK_FALSE(block_reason(R"({"errorText":"net::ERR_CONNECTION_REFUSED"})").has_value());
}

TEST_CASE("refusals: a style sheet is used with the type of one, or without a type", "[page]") {
  for (const char* type : {"text/css", "TEXT/CSS; charset=utf-8", "application/x-unknown-content-type", ""}) {
    CAPTURE(type);
    CHECK_FALSE(style_sheet_refusal(sheet("\"Content-Type\":\"" + std::string(type) + "\"")).has_value());
  }
  CHECK_FALSE(style_sheet_refusal(sheet(R"("Date":"now")")).has_value());
  for (const char* name : {"Content-Type", "content-type", "Content-type"}) {
    const std::string answer = sheet("\"" + std::string(name) + "\":\"text/plain; charset=utf-8\"");
    CHECK(style_sheet_refusal(answer) == "the browser does not use it, because its type is text/plain, not text/css");
  }
}

TEST_CASE("refusals: an origin is scheme, host and port", "[page]") {
  CHECK(is_same_origin("http://h/a", "http://h/b/c?d"));
  CHECK(is_same_origin("http://h", "http://h/"));
  CHECK_FALSE(is_same_origin("http://h/a", "https://h/a"));
  CHECK_FALSE(is_same_origin("http://h/a", "http://h:81/a"));
  CHECK_FALSE(is_same_origin("http://h/a", ""));
}
