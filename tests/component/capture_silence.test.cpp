// A browser talks to the page's servers and to nobody else: not to its makers, not to a search engine.
#include "support/scripted_http.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <set>
#include <string>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// What a browser asks of its proxy in its first seconds, but for the page: "GET http://host/path", "CONNECT host:443". A browser
/// asks its proxy for every host that is not this machine (Chromium takes these variables where there is no desktop).
std::set<std::string> calls_of(CaptureMode mode) {
  constexpr std::chrono::seconds long_enough{6};  // without the settings of ours, all calls but repetitions come within 3 s
  const std::string page = "http://page.example/";
  const ScriptedHttp proxy([](const HttpCall&) { return http_answer(200, "<p>page", "Content-Type: text/html\r\n"); });
  const Variable http("http_proxy", proxy.origin());
  const Variable https("https_proxy", proxy.origin());
  const Variable direct("no_proxy", "");
  Studio studio(mode);
  REQUIRE(error_of(studio.load(page, {0, 1})) == "");
  std::this_thread::sleep_for(long_enough);
  std::set<std::string> calls;
  bool has_page = false;
  for (const HttpCall& call : proxy.calls()) {
    const bool is_of_page = std::string(call.target()).starts_with(page);
    has_page = has_page || is_of_page;
    if (!is_of_page) calls.insert(std::string(call.method_string()) + " " + std::string(call.target()));
  }
  CHECK(has_page);
  return calls;
}

}  // namespace

TEST_CASE("capture: a browser calls no host but the page's", "[capture][silence]") {
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    CHECK(calls_of(mode) == std::set<std::string>{});
  }
}

TEST_CASE("capture: neither does the full browser without a window", "[capture][silence]") {
  const Variable program("ORCHESTRATOR_HEADLESS_SHELL", "/no/such/program");
  CHECK(calls_of(CaptureMode::screenshot) == std::set<std::string>{});
}
