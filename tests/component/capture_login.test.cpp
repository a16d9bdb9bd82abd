// A user and password in the composition's URL: for its own server, and for nobody else.
#include "support/contains.hpp"
#include "support/scripted_http.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// A site behind Basic authentication (RFC 7617) of "us er" with "p@ss".
HttpScript guarded(const HttpCall& call, const std::string& there) {
  const std::string given(call[boost::beast::http::field::authorization]);
  if (given != "Basic dXMgZXI6cEBzcw==") return http_answer(401, "no", "WWW-Authenticate: Basic realm=\"x\"\r\n");
  const std::map<std::string, std::pair<std::string, std::string>> files{
      {"/a.js", {"text/javascript", "window.script = true"}},
      {"/worker.js", {"text/javascript", "fetch('/a.json').then((answer) => postMessage(answer.ok))"}},
      {"/a.css", {"text/css", "html { --styled: true }"}},
      {"/a.json", {"application/json", "{}"}},
      {"/frame.html", {"text/html", "<p>inside"}}};
  if (const auto found = files.find(std::string(call.target())); found != files.end()) {
    return http_answer(200, found->second.second, "Content-Type: " + found->second.first + "\r\n");
  }
  return http_answer(200,
                     R"(<!doctype html><link rel="stylesheet" href="a.css"><script src="a.js"></script>
      <script src=")" + there +
                         R"(/other.js"></script><iframe src="frame.html"></iframe><script>
        const worker = new Promise((resolve) => { new Worker('worker.js').onmessage = (event) => resolve(event.data) });
        window.renderFrame = async () => {
          const fetched = (await fetch('a.json')).ok;
          const styled = getComputedStyle(document.documentElement).getPropertyValue('--styled');
          throw [script, fetched, styled, frames[0].document.body.textContent, await worker, location.href].join();
        };</script>)",
                     "Content-Type: text/html\r\n");
}

std::string with_login(const std::string& origin, const std::string& login) {
  return "http://" + login + "@" + origin.substr(7) + "/";
}

}  // namespace

TEST_CASE("capture: user and password in the URL open all of its server, and are told to nobody else", "[capture][login]") {
  const ScriptedHttp other([](const HttpCall&) { return http_answer(200, "1", "Content-Type: text/javascript\r\n"); });
  const ScriptedHttp server([&](const HttpCall& call) { return guarded(call, other.origin()); });
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(error_of(studio.load(with_login(server.origin(), "us%20er:p%40ss"), {0, 1})) == "");
    const auto taken = studio.take(0);
    REQUIRE_FALSE(taken.has_value());
    CHECK(contains(taken.error().detail, "true,true,true,inside,true," + server.origin() + "/"));
    CHECK_FALSE(contains(studio.log() + taken.error().detail, "401"));
    const auto next = studio.load(server.origin() + "/", {0, 1});  // the next page gets nothing of it
    REQUIRE_FALSE(next.has_value());
    CHECK(contains(next.error().detail, "HTTP status 401"));
  }
  REQUIRE_FALSE(other.calls().empty());
  for (const HttpCall& call : other.calls()) CHECK(call[boost::beast::http::field::authorization].empty());
}

TEST_CASE("capture: a password is in no message, and a wrong one is told as such", "[capture][login]") {
  const ScriptedHttp server([](const HttpCall& call) { return guarded(call, ""); });
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(closed_port());
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const auto wrong = studio.load(with_login(server.origin(), "me:secret"), {0, 1});
    REQUIRE_FALSE(wrong.has_value());
    CHECK(contains(wrong.error().detail, server.origin() + "/: HTTP status 401; give a user and password"));
    const auto closed = studio.load(with_login(nowhere, "me:secret"), {0, 1});
    REQUIRE_FALSE(closed.has_value());
    CHECK(contains(closed.error().detail, nowhere + "/: net::ERR_CONNECTION_REFUSED"));
    CHECK_FALSE(contains(wrong.error().detail + closed.error().detail + studio.log(), "secret"));
  }
}
