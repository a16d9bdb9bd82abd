// What is left of a page when its chunk is done.
#include "worker/chunk_renderer.hpp"

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/processes.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <signal.h>
#include <unistd.h>

#include <atomic>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A warm renderer, and a server that its pages may call.
struct Bench {
  ChunkJob job(const std::string& page, FrameRange frames) {
    write_file(folder / "index.html", page);
    ChunkJob job{.frames = frames, .composition = (folder / "index.html").string(), .output = folder / "chunk.mp4"};
    job.video = {.width = 64, .height = 36, .fps = {30, 1}, .preset = "ultrafast"};
    return job;
  }
  Result<ChunkResult> render(const std::string& page, FrameRange frames, FileSource source = {}) {
    return await(context, renderer.render(job(page, frames), std::move(source)));
  }
  /// A page that asks the server again and again, whatever becomes of its frames.
  std::string restless(const std::string& render_frame) const {
    return "<!doctype html><script>(async () => { for (;;) await fetch('" + server.origin() +
           "/', {mode: 'no-cors'}); })(); window.renderFrame = " + render_frame + ";</script>";
  }
  /// Calls since now, in a time in which a page that is still there makes many.
  std::size_t later_calls() {
    context.restart();
    context.run_for(100ms);  // those on their way
    const std::size_t before = server.calls().size();
    context.run_for(500ms);
    return server.calls().size() - before;
  }
  /// The browser's main process; 0 if there is none.
  pid_t browser() const {
    for (const Process& process : descendants_of(::getpid())) {
      if (contains(process.command, "--remote-debugging-pipe") && !contains(process.command, "--type=")) return process.pid;
    }
    return 0;
  }
  bool has_browser() const {
    for (const Process& process : descendants_of(::getpid())) {
      if (contains(process.command, "--type=renderer")) return true;
    }
    return false;
  }
  /// Hangs the X server.
  static void stop_drawing() {
    for (const Process& process : descendants_of(::getpid())) {
      if (contains(process.command, "Xvfb")) ::kill(process.pid, SIGSTOP);
    }
  }
  ~Bench() { await(context, stop()); }
  asio::awaitable<bool> stop() {
    co_await renderer.stop();
    co_return true;
  }

  TempDir folder{};
  ScriptedHttp server{[](const HttpCall&) { return http_answer(200); }};
  asio::io_context context{1};
  ChunkRenderer renderer{ChunkReports{[](std::int64_t, std::int64_t) {}, [](LogLevel, std::string_view) {}}};
};

}  // namespace

TEST_CASE("chunk renderer: a page whose frames are done does not run on, and the browser stays warm", "[capture]") {
  Bench bench;
  const auto first = bench.render(bench.restless("() => {}"), {0, 3});
  REQUIRE(first.has_value());
  CHECK(first->frames == 3);
  CHECK_FALSE(bench.server.calls().empty());
  CHECK(bench.later_calls() == 0);
  const pid_t browser = bench.browser();
  CHECK(browser > 0);
  const auto second = bench.render(bench.restless("() => {}"), {3, 6});
  REQUIRE(second.has_value());
  CHECK(bench.browser() == browser);
}

TEST_CASE("chunk renderer: a page that was looked at does not run on, and its chunk finds the browser warm", "[capture]") {
  Bench bench;
  const std::string text = bench.restless("() => {}; window.orchestratorComposition = {frames: 9}");
  const auto described = await(bench.context, bench.renderer.describe(bench.job(text, {}), {}));
  REQUIRE(described.has_value());
  CHECK(described->contract == "renderFrame");
  CHECK(described->compositions.front().frames == 9);
  CHECK_FALSE(bench.server.calls().empty());
  CHECK(bench.later_calls() == 0);
  const pid_t browser = bench.browser();
  CHECK(bench.render(text, {0, 9}).has_value());
  CHECK(bench.browser() == browser);
}

TEST_CASE("chunk renderer: neither do the workers that a page started", "[capture]") {
  Bench bench;
  write_file(bench.folder / "worker.js",
             "const channel = new BroadcastChannel('calls');"
             "(async () => { for (;;) { await fetch('" +
                 bench.server.origin() + "/', {mode: 'no-cors'}); channel.postMessage('called'); } })();");
  for (const std::string start :
       {"new Worker('worker.js')", "new SharedWorker('worker.js')", "navigator.serviceWorker.register('worker.js')"}) {
    CAPTURE(start);
    const auto result = bench.render(
        "<script>const channel = new BroadcastChannel('calls');"
        "const called = new Promise((resolve) => { channel.onmessage = resolve; });" +
            start + "; window.renderFrame = () => called;</script>",
        {0, 2});
    CHECK(result.has_value());
    CHECK(bench.later_calls() == 0);
  }
}

TEST_CASE("chunk renderer: a page that failed does not run on, and the next one finds nothing of it", "[capture]") {
  Bench bench;
  const auto failed =
      bench.render(bench.restless("(n) => { localStorage.x = 1; window.name = 'x'; if (n == 2) throw 'no'; }"), {0, 5});
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().frame == 2);
  CHECK(bench.later_calls() == 0);
  const std::string look = "<script>window.renderFrame = () => { throw [localStorage.x, name, history.length]; }</script>";
  const auto next = bench.render(look, {0, 1});
  const auto fresh = Bench().render(look, {0, 1});
  REQUIRE_FALSE(next.has_value());
  REQUIRE_FALSE(fresh.has_value());
  CHECK(next.error().detail == fresh.error().detail);
}

TEST_CASE("chunk renderer: a warm browser shows what a server has now, whatever it allowed to keep", "[capture]") {
  std::atomic<int> edition{1};
  const ScriptedHttp site([&](const HttpCall& call) {
    const std::string number = std::to_string(edition);
    const std::string path(call.target());
    const auto kept = [](const std::string& type, const std::string& body) {
      return http_answer(200, body, "Content-Type: " + type + "\r\nCache-Control: max-age=3600\r\n");
    };
    if (path == "/a.js") return kept("text/javascript", "window.script = " + number);
    if (path == "/a.mjs") return kept("text/javascript", "window.module = " + number);
    if (path == "/worker.js") return kept("text/javascript", "postMessage(" + number + ")");
    if (path == "/a.css") return kept("text/css", "html { --edition: " + number + " }");
    if (path == "/a.json") return kept("application/json", number);
    if (path == "/frame.html") return kept("text/html", number);
    if (path == "/a.svg") {
      return kept("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' height='1' width='" + number + "'/>");
    }
    return kept("text/html", R"(<!doctype html><link rel="stylesheet" href="a.css"><script src="a.js"></script><img src="a.svg">
        <script type="module" src="a.mjs"></script><iframe src="frame.html"></iframe><script>
          const worker = new Promise((resolve) => { new Worker('worker.js').onmessage = (event) => resolve(event.data) });
          window.renderFrame = async () => {
            const json = await (await fetch('a.json')).json();
            const style = Number(getComputedStyle(document.documentElement).getPropertyValue('--edition'));
            const frame = Number(frames[0].document.body.textContent);
            throw [)" + number + R"(, script, module, style, json, document.images[0].width, frame, await worker].join();
          };</script>)");
  });
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    Bench bench;
    for (edition = 1; edition < 4; ++edition) {
      CAPTURE(to_string(mode), edition.load());
      ChunkJob job = bench.job("", {0, 1});
      job.composition = site.origin() + "/";
      job.capture = mode;
      const auto result = await(bench.context, bench.renderer.render(job, {}));
      REQUIRE_FALSE(result.has_value());
      std::string expected;
      for (int kind = 0; kind < 8; ++kind) expected += (kind == 0 ? "" : ",") + std::to_string(edition);
      CHECK(contains(result.error().detail, expected));
    }
  }
}

TEST_CASE("chunk renderer: props reach the page as the JSON says, whatever their names", "[capture]") {
  Bench bench;
  ChunkJob job = bench.job(R"(<script>window.renderFrame = () => {
      const props = window.orchestratorProps;
      throw [Object.getPrototypeOf(props) === Object.prototype, Object.keys(props), JSON.stringify(props)].join(' ');
    }</script>)",
                           {0, 1});
  job.props = R"({"__proto__":{"title":"a"},"constructor":1,"line":"\u2028","</script>":"</script>"})";
  const auto result = await(bench.context, bench.renderer.render(job, {}));
  REQUIRE_FALSE(result.has_value());
  CHECK(contains(result.error().detail,
                 "true __proto__,constructor,line,</script> "
                 R"({"__proto__":{"title":"a"},"constructor":1,)"));
}

TEST_CASE("chunk renderer: a page whose job is cancelled does not run on, and another can be rendered", "[capture]") {
  Bench bench;
  const auto job = bench.job(bench.restless("(n) => n == 0 ? 0 : new Promise(() => {})"), {0, 5});
  const auto cancelled = await_cancelled(bench.context, bench.renderer.render(job, {}), 3s);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == Errc::cancelled);
  CHECK_FALSE(bench.server.calls().empty());
  CHECK(bench.later_calls() == 0);
  CHECK(bench.render(bench.restless("() => {}"), {0, 1}).has_value());
}

TEST_CASE("chunk renderer: the browser of a page that cannot be left is ended; its frames are good", "[capture]") {
  Bench bench;
  const auto result =
      bench.render("<script>addEventListener('pagehide', () => { for (;;); }); window.renderFrame = () => {};</script>", {0, 2});
  CHECK(result.has_value());
  CHECK_FALSE(bench.has_browser());
  CHECK(bench.render(bench.restless("() => {}"), {0, 1}).has_value());
  CHECK(bench.has_browser());
}

TEST_CASE("chunk renderer: a file that cannot be had for the last frame fails the chunk", "[capture]") {
  Bench bench;
  const std::string page = "<script>window.renderFrame = async (n) => { if (n == 2) await fetch('picture.png'); }</script>";
  const auto source = [&bench](std::string target) -> asio::awaitable<SourcedFile> {
    if (target == "/picture.png") co_return SourcedFile{.unreadable = true};
    co_return SourcedFile{.path = bench.folder / "index.html"};
  };
  const auto result = bench.render(page, {0, 3}, source);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::composition_not_found);
  CHECK(contains(result.error().detail, (bench.folder / "picture.png").string()));
}

TEST_CASE("chunk renderer: the error for a file that cannot be had says what came of it, too", "[capture]") {
  Bench bench;
  const std::string page =
      "<script>window.renderFrame = async (n) => { if (n != 1) return; const answer = await fetch('cloud.json');"
      " if (!answer.ok) throw new Error('no clouds'); }</script>";
  const auto source = [&bench](std::string target) -> asio::awaitable<SourcedFile> {
    if (target == "/cloud.json") co_return SourcedFile{.unreadable = true};
    co_return SourcedFile{.path = bench.folder / "index.html"};
  };
  const auto result = bench.render(page, {0, 3}, source);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::composition_not_found);
  CHECK(contains(result.error().detail, (bench.folder / "cloud.json").string()));
  CHECK(contains(result.error().detail, "no clouds"));
  CHECK(result.error().frame == 1);
}

TEST_CASE("chunk renderer: a window that shows nothing any more is left for the next backend, which is told", "[capture]") {
  Bench bench;
  const auto source = [&bench](std::string target) -> asio::awaitable<SourcedFile> {
    if (target == "/stop") Bench::stop_drawing();
    co_return SourcedFile{.path = bench.folder / "index.html"};
  };
  ChunkJob job = bench.job("<script>window.renderFrame = async (n) => { if (n == 2) await fetch('stop'); }</script>", {0, 4});
  job.timeouts.frame = 3s;
  const auto result = await(bench.context, bench.renderer.render(job, source));
  INFO((result ? "" : result.error().message()));
  REQUIRE(result.has_value());
  CHECK(result->frames == 4);
  CHECK(contains(result->capture, "beginframe (frame 2 was not ready within 3 s"));
}
