// Pages that would get in each other's way, or in the way of the picture.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

}  // namespace

TEST_CASE("capture: what would open a window of the browser's own neither stops a page nor shows", "[capture]") {
  const HttpServer server(
      {{"/login", {.status = 401, .challenge = R"(Basic realm="x")"}}, {"/page", {.body = R"(<body style="background: #246">
      <iframe src="/login"></iframe><iframe src="mailto:a@b.invalid"></iframe><iframe src="unknown:x"></iframe><iframe></iframe>
      <script>
        print();
        window.renderFrame = (frame) => {
          if (frame === 1) { print(); document.execCommand('print'); location.href = 'unknown:y'; }
        };
      </script>)"}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(error_of(studio.load(server.url("/page"), {0, 20})) == "");
    std::string first;
    for (std::int64_t frame = 0; frame < 20; ++frame) {
      const auto picture = studio.pictures({frame}).front();
      if (first.empty()) first = picture;
      CHECK((picture == first));
    }
  }
}

TEST_CASE("capture: a window remembers neither name, history nor storage of the page before", "[capture]") {
  const HttpServer server({{"/page", {.body = R"(<script>
    const seen = [window.name, history.length, sessionStorage.length, document.referrer].join();
    window.name = 'marked';
    sessionStorage.setItem('a', 'b');
    history.pushState({}, '', '#later');
    throw new Error(`seen:${seen}.`);</script>)"}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string first = error_of(studio.load(server.url("/page"), {0, 1}));
    CHECK(contains(first, "seen:,"));
    for (int load = 0; load < 2; ++load) CHECK(error_of(studio.load(server.url("/page"), {0, 1})) == first);
  }
}

TEST_CASE("capture: a page that talks without end is cut short", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("talks.html", R"(<script>
    for (let i = 0; i < 1000; ++i) console.warn(`line ${i}.`, 'x'.repeat(100000));</script>)");
  for (int load = 0; load < 2; ++load) {
    const auto before = studio.log().size();
    REQUIRE(error_of(studio.load(page, {0, 1})) == "");
    const std::string log = studio.log().substr(before);
    CHECK(contains(log, "line 199."));
    CHECK_FALSE(contains(log, "line 200."));
    CHECK(contains(log, "more than 200 console lines"));
    CHECK(log.size() < 300'000);
  }
}

TEST_CASE("capture: a page may replace what the language gave it once it has loaded", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("replaces.html", R"(<body style="background: #246"><script>
      addEventListener('load', () => {
        for (const name of ['JSON', 'Promise', 'Reflect', 'Event', 'Set', 'Map', 'Math', 'Number', 'String', 'Error', 'URL']) window[name] = undefined;
        window.setTimeout = window.requestAnimationFrame = () => { throw new Error('not yours'); };
      });
      window.renderFrame = async (frame) => { document.body.style.opacity = 1 - frame / 10; };</script>)");
    REQUIRE(error_of(studio.load(page, {0, 3})) == "");
    CHECK(studio.pictures({0, 1, 2}).size() == 3);
  }
}

TEST_CASE("capture: a page that sends itself messages without end gets its frames, and is warned once", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("rings.html", R"(<body style="background: #000"><script>
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => port2.postMessage(0);
      port2.postMessage(0);
      let ticks = 0;
      setInterval(() => { document.body.style.background = `rgb(${20 * ++ticks}, 0, 0)`; }, 40);</script>)");
    REQUIRE(error_of(studio.load(page, {0, 4})) == "");
    const auto pictures = studio.pictures({0, 1, 2, 3});
    for (int frame = 0; frame < 4; ++frame) {
      const int ticks = frame * 1000 / 30 / 40;
      CHECK(static_cast<unsigned char>(pictures.at(frame)[2]) == 20 * ticks);  // B, G, R, 0
    }
    const auto told = studio.log().find("sending messages to itself without end");
    CHECK(told != std::string::npos);
    CHECK(studio.log().find("sending messages to itself without end", told + 1) == std::string::npos);
  }
}
