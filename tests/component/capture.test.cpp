#include "capture/capture_session.hpp"

#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

template <class T>
std::string problem(const Result<T>& result) {
  return result ? "" : result.error().message();
}

/// The error with which the frames of a page end.
Error failing_frame(Studio& studio, const std::string& page, std::int64_t last, TimeoutOptions timeouts = {}) {
  const auto loaded = studio.load(page, {0, last + 1}, timeouts);
  if (!loaded) return loaded.error();
  for (std::int64_t frame = 0; frame <= last; ++frame) {
    const auto taken = studio.take(frame);
    if (!taken) return taken.error();
  }
  return Error{.detail = "no error"};
}

}  // namespace

TEST_CASE("capture: every backend gives the same pixels", "[capture]") {
  for (const std::string page : {"render_frame.html", "css_animation.html"}) {
    std::vector<std::string> expected;
    for (const CaptureMode mode : backends) {
      CAPTURE(page, to_string(mode));
      Studio studio(mode);
      REQUIRE(problem(studio.load(page, {0, 30})) == "");
      const auto pictures = studio.pictures({0, 1, 2, 7, 8, 29});
      REQUIRE(pictures.size() == 6);
      CHECK(pictures[0] != pictures[1]);
      if (expected.empty()) expected = pictures;
      for (std::size_t i = 0; i < pictures.size(); ++i) CHECK((pictures[i] == expected[i]));
    }
  }
}

TEST_CASE("capture: a frame looks the same whatever was shown before, also after another page", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
    const auto forwards = studio.pictures({3, 20});
    const auto backwards = studio.pictures({20, 3});
    CHECK((forwards[0] == backwards[1]));
    CHECK((forwards[1] == backwards[0]));
    REQUIRE(problem(studio.load("static.html", {0, 2})) == "");
    REQUIRE(problem(studio.take(0)) == "");
    REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
    CHECK((studio.pictures({20})[0] == forwards[1]));
  }
}

TEST_CASE("capture: a still page reports unchanged frames, but never its first", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    for (int load = 0; load < 2; ++load) {
      REQUIRE(problem(studio.load("static.html", {0, 10})) == "");
      int unchanged = 0;
      for (std::int64_t frame = 0; frame < 10; ++frame) {
        const auto taken = studio.take(frame);
        REQUIRE(problem(taken) == "");
        CHECK(taken->number == frame);
        CHECK_FALSE((frame == 0 && taken->unchanged));
        unchanged += taken->unchanged ? 1 : 0;
      }
      CHECK(unchanged > 5);  // Chromium may draw the same once more on a busy machine
    }
  }
}

TEST_CASE("capture: the corner of the picture is captured like the rest", "[capture]") {
  std::vector<std::string> expected;
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("corner.html", R"(<style>body { margin: 0 } i { position: absolute; height: 1px }</style>
      <i style="left: 0; width: 5px"></i><i style="left: 9px; width: 5px"></i>
      <script>window.renderFrame = (frame) => {
        for (const i of document.querySelectorAll('i')) i.style.background = `rgb(${frame} 9 9)`;
      };</script>)");
    REQUIRE(problem(studio.load(page, {0, 4})) == "");
    const auto pictures = studio.pictures({0, 1, 2, 3});
    REQUIRE(pictures.size() == 4);
    CHECK(pictures[2] != pictures[3]);
    if (expected.empty()) expected = pictures;
    CHECK((pictures == expected));
  }
}

TEST_CASE("capture: frames stay as they are while they are held", "[capture]") {
  Studio studio(CaptureMode::shm);
  REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
  const auto first = studio.take(1);
  REQUIRE(first.has_value());
  const std::vector<std::byte> copy(first->bytes.begin(), first->bytes.end());
  for (std::int64_t frame = 2; frame < 12; ++frame) REQUIRE(problem(studio.take(frame)) == "");
  CHECK(std::equal(copy.begin(), copy.end(), first->bytes.begin()));
}

TEST_CASE("capture: what a page does wrong is told, with the frame", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const Error thrown = failing_frame(studio, "throws_at_frame.html", 9);
    CHECK(thrown.code == Errc::page_error);
    CHECK(thrown.stage == Stage::capture);
    CHECK(thrown.frame == 7);
    CHECK(contains(thrown.detail, "no data for frame 7"));

    TimeoutOptions hasty;
    hasty.frame = 500ms;
    const Error stuck = failing_frame(studio, "never_resolves.html", 9, hasty);
    CHECK(stuck.code == Errc::frame_timeout);
    CHECK(stuck.frame == 5);
    CHECK(contains(stuck.detail, "renderFrame"));

    const Error later = failing_frame(studio, studio.file("later.html", R"(<script>window.renderFrame = (frame) => {
        if (frame === 2) Promise.reject(new TypeError('nobody catches this'));
      };</script>)"),
                                      9);
    CHECK(later.code == Errc::page_error);
    CHECK(contains(later.detail, "TypeError: nobody catches this"));
    CHECK(contains(later.detail, "later.html:"));
  }
}

/// Which time limit it is depends on where the page is when it ends; that of the whole render, `timed_out`, it is never.
TEST_CASE("capture: a limit that ends in the middle of anything is the load's or the frame's", "[capture]") {
  const std::string page = "<!doctype html><p>text<script>window.renderFrame = (n) => { document.body.append(n) }</script>";
  for (const CaptureMode mode : backends) {
    auto studio = std::make_unique<Studio>(mode);
    for (std::chrono::milliseconds limit = 1ms; limit < 600ms; limit += limit / 2 + 1ms) {
      CAPTURE(to_string(mode), limit.count());
      if (!studio->session().alive()) {
        studio.reset();
        studio = std::make_unique<Studio>(mode);
      }
      const std::string file = studio->file("page.html", page);
      const auto loaded = studio->load(file, {0, 9}, {.load = limit});
      INFO((loaded ? "" : loaded.error().message()));
      if (!loaded) CHECK((loaded.error().code == Errc::load_timeout || loaded.error().code == Errc::browser_crashed));
      if (!studio->session().alive()) continue;
      const Error failed = failing_frame(*studio, file, 5, {.frame = limit});
      if (failed.detail != "no error") CHECK((failed.code == Errc::frame_timeout || failed.code == Errc::capture_failed));
    }
  }
}

TEST_CASE("capture: a page that cannot be loaded says why", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const auto code_of = [&](const std::string& page, TimeoutOptions timeouts = {}) {
    const auto loaded = studio.load(page, {0, 30}, timeouts);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().stage == Stage::load);
    return std::pair(loaded.error().code, loaded.error().detail);
  };
  TimeoutOptions hasty;
  hasty.load = 1s;
  const auto waiting = code_of("never_ready.html", hasty);
  CHECK(waiting.first == Errc::load_timeout);
  CHECK(contains(waiting.second, "orchestratorReady"));
  const auto rejected = code_of("rejects.html");
  CHECK(rejected.first == Errc::page_error);
  CHECK(contains(rejected.second, "data not available"));
  const auto broken = code_of("throws_on_load.html");
  CHECK(broken.first == Errc::page_error);
  CHECK(contains(broken.second, "broken composition"));
  const auto shorter = code_of("declares_length.html");
  CHECK(shorter.first == Errc::range_exceeds_composition);
  CHECK(contains(shorter.second, "20 frames"));
  CHECK(contains(shorter.second, "frame 29"));
  CHECK(code_of("no_such_page.html").first == Errc::composition_not_found);
  CHECK(problem(studio.load("static.html", {0, 1})) == "");  // and the browser is as good as new
}

TEST_CASE("capture: an HTTP status is an error, whatever page comes with it", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const HttpServer server({{"/broken", {.status = 503, .body = "<p>busy"}}, {"/page", {.body = "<p>good"}}});
  const auto missing = studio.load(server.url("/missing"), {0, 1});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == Errc::composition_not_found);
  CHECK(contains(missing.error().detail, server.url("/missing") + ": HTTP status 404"));
  const auto broken = studio.load(server.url("/broken"), {0, 1});
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().code == Errc::composition_unreachable);
  CHECK(contains(broken.error().detail, "503"));
  const auto closed = studio.load("http://127.0.0.1:" + std::to_string(closed_port()) + "/", {0, 1});
  REQUIRE_FALSE(closed.has_value());
  CHECK(closed.error().code == Errc::composition_unreachable);
  CHECK(contains(closed.error().detail, "net::ERR_CONNECTION_REFUSED"));
  CHECK(problem(studio.load(server.url("/page"), {0, 1})) == "");
}

TEST_CASE("capture: a server that does not answer is no trouble for the page after", "[capture]") {
  const HttpServer server({{"/silent", {.header_delay = 1h}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    TimeoutOptions hasty;
    hasty.load = 2s;  // of which a busy machine spends a second on what comes before the request
    for (int load = 0; load < 2; ++load) {
      const auto silent = studio.load(server.url("/silent"), {0, 1}, hasty);
      REQUIRE_FALSE(silent.has_value());
      CHECK(silent.error().code == Errc::load_timeout);
      CHECK(contains(silent.error().detail, "the server's answer"));
      CHECK(problem(studio.load("static.html", {0, 1})) == "");
    }
  }
}

TEST_CASE("capture: dialogs, new windows and downloads neither stop a page nor show", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("rude.html", R"(<body style="background: #246"><script>
      addEventListener('beforeunload', (event) => event.preventDefault());
      window.renderFrame = (frame) => {
        if (frame === 1) { alert('hello'); confirm('sure?'); window.open('about:blank'); }
      };</script>)");
    for (int load = 0; load < 2; ++load) {
      REQUIRE(problem(studio.load(page, {0, 6})) == "");
      const auto pictures = studio.pictures({0, 1, 2, 3, 4, 5});
      REQUIRE(pictures.size() == 6);
      for (const auto& picture : pictures) CHECK((picture == pictures[0]));
    }
  }
}

TEST_CASE("capture: nothing of a page survives in the next", "[capture]") {
  const HttpServer server({{"/page", {.body = R"(<script>
    if (localStorage.length > 0 || document.cookie !== '') throw new Error('there was something');
    localStorage.setItem('a', 'b'); document.cookie = 'a=b';</script>)"}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    CHECK(problem(studio.load(server.url("/page"), {0, 1})) == "");
    CHECK(problem(studio.load(server.url("/page"), {0, 1})) == "");
  }
}

TEST_CASE("capture: a dead renderer is told from a dead browser", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const Error crashed = failing_frame(studio, "crashes.html", 9);
    CHECK(crashed.code == Errc::page_crashed);
    CHECK(crashed.frame == 3);
    CHECK_FALSE(studio.session().alive());
  }
  Studio studio(CaptureMode::screenshot);
  REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
  studio.kill("--remote-debugging-pipe");
  const auto taken = studio.take(0);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == Errc::browser_crashed);
  CHECK_FALSE(studio.session().alive());
}

TEST_CASE("capture: what the page says on its console goes to the log", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(studio.file("talks.html", "<script>console.warn('beware', 7); console.log('psst')</script>"), {0, 1})
              .has_value());
  CHECK(contains(studio.log(), "console.warn: beware 7"));
  CHECK(contains(studio.log(), "console.log: psst"));
}

TEST_CASE("capture: CPU is counted", "[capture]") {
  Studio studio(CaptureMode::shm);
  REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
  REQUIRE(problem(studio.take(0)) == "");
  CHECK(studio.session().cpu().browser > 10ms);
}

TEST_CASE("capture: after stop no process and no file is left", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    CHECK(studio.remains() != "");
    REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
    REQUIRE(problem(studio.take(0)) == "");
    studio.stop();
    CHECK_FALSE(studio.session().alive());
    CHECK(studio.remains() == "");
  }
}

TEST_CASE("capture: a way that does not work here is an error naming what is missing, or a reason for another", "[capture]") {
  const Variable no_display("ORCHESTRATOR_XVFB", "/no/Xvfb");
  const auto refused = start_capture(CaptureMode::shm);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::browser_unavailable);
  CHECK(refused.error().stage == Stage::start);
  CHECK(contains(refused.error().detail, "ORCHESTRATOR_XVFB=/no/Xvfb"));
  {
    Studio studio(CaptureMode::automatic);
    CHECK(contains(studio.session().description(), "beginframe (ORCHESTRATOR_XVFB=/no/Xvfb is not"));
    CHECK(studio.session().layout() == FrameLayout::png);
  }
  const Variable no_shell("ORCHESTRATOR_HEADLESS_SHELL", "/no/shell");
  Studio studio(CaptureMode::automatic);
  CHECK(contains(studio.session().description(), "screenshot ("));
  REQUIRE(problem(studio.load("render_frame.html", {0, 30})) == "");
  CHECK(problem(studio.take(3)) == "");
}
