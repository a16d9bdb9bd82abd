// An exception ends the render with its place, wherever in the page it is thrown, unless the page handles it itself.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode exception_backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Why the first frames of a page could not be taken; empty if they were.
std::string failure_of(Studio& studio, const std::string& page) {
  const std::string failed = error_of(studio.load(page, {0, 4}));
  if (!failed.empty()) return failed;
  for (const std::int64_t frame : {0, 1, 2, 3}) {
    const auto taken = studio.take(frame);
    if (!taken) return taken.error().message();
  }
  return {};
}

std::string failure_of_script(Studio& studio, const std::string& script) {
  return failure_of(studio, studio.file("page.html", "<p id=p></p>\n<script>\n" + script + "</script>"));
}

/// Pages whose worker has `script`; `more` has `worker`.
std::map<std::string, HttpAnswer> site_with_worker(const std::string& script, const std::string& more) {
  return {{"/page", {.body = "<script>const worker = new Worker('/worker.js');" + more + "</script>"}},
          {"/worker.js", {.type = "text/javascript", .body = script}},
          {"/inner.js", {.type = "text/javascript", .body = "setTimeout(() => { throw new Error('boom'); }, 70)"}}};
}

constexpr const char* throwers[] = {
    "setTimeout(() => { throw new Error('boom'); }, 50);",
    "requestAnimationFrame(() => { throw new Error('boom'); });",
    "setTimeout(() => p.click(), 50); p.onclick = () => { throw new Error('boom'); };",
    "setTimeout(() => Promise.reject(new Error('boom')), 50);",
    "requestAnimationFrame(() => void Promise.reject(new Error('boom')));",
};

}  // namespace

TEST_CASE("exceptions: what the page handles itself ends no render", "[capture][exceptions]") {
  const std::string handler =
      "for (const type of ['error', 'unhandledrejection']) addEventListener(type, (e) => e.preventDefault());";
  for (const CaptureMode mode : exception_backends) {
    for (const std::string thrower : throwers) {
      CAPTURE(to_string(mode), thrower);
      Studio studio(mode);
      CHECK(failure_of_script(studio, handler + thrower).empty());
      CHECK(failure_of_script(studio, "onunhandledrejection = () => false; onerror = () => true;" + thrower).empty());
      CHECK_THAT(failure_of_script(studio, "onerror = () => false;" + thrower), Catch::Contains("boom"));
    }
  }
}

TEST_CASE("exceptions: those of frames have their place, and whatever is thrown has a text", "[capture][exceptions]") {
  Studio studio(CaptureMode::screenshot);
  const auto throwing = [&](const std::string& value) {
    return failure_of_script(studio, "renderFrame = () => {\nthrow " + value + "; };");
  };
  CHECK(contains(throwing("new TypeError('boom')"), "window.renderFrame(0) failed: boom (file:///"));
  CHECK(contains(throwing("new TypeError('boom')"), "page.html:4)"));
  CHECK(contains(failure_of_script(studio, "setTimeout(() => {\nnull.x(); }, 50);"), "page.html:4)"));
  CHECK(contains(failure_of_script(studio, "renderFrame = async () => {\nawait 0;\nnull.x(); };"), "page.html:5)"));
  CHECK(contains(throwing("{code: 5}"), R"(failed: {"code":5})"));
  CHECK(contains(throwing("new RangeError()"), "failed: RangeError ("));
  CHECK(contains(throwing("Object.assign({}, {big: 1n, small: 2})"), "failed: {big, small}"));
  CHECK(contains(throwing("new Event('error')"), "failed: event \"error\""));
  CHECK(contains(throwing("Symbol('sign')"), "failed: Symbol(sign)"));
  CHECK(contains(failure_of_script(studio, "throw {code: 5};"), "{code: 5} ("));
}

TEST_CASE("exceptions: those of workers are the page's, unless worker or page handle them", "[capture][exceptions][workers]") {
  struct Worker {
    const char* script;
    bool page_may_handle{true};
    bool worker_may_handle{true};
  };
  constexpr Worker workers[] = {
      {"throw new Error('boom')"},
      {.script = "this is no script: boom", .worker_may_handle = false},
      {"setTimeout(() => { throw new Error('boom'); }, 90)"},
      {"requestAnimationFrame(() => requestAnimationFrame(() => { throw new Error('boom'); }))"},
      {.script = "setTimeout(() => Promise.reject(new Error('boom')), 90)", .page_may_handle = false},
      {"onmessage = () => { throw new Error('boom'); }"},
      {.script = "new Worker('/inner.js')", .page_may_handle = false},
  };
  const std::string ask = "setTimeout(() => worker.postMessage(0), 60);";
  const std::string by_page = "worker.onerror = (event) => event.preventDefault();";
  const std::string by_worker = "onerror = () => true; onunhandledrejection = (event) => event.preventDefault();";
  for (const CaptureMode mode : exception_backends) {
    Studio studio(mode);
    for (const Worker& worker : workers) {
      CAPTURE(to_string(mode), worker.script);
      const HttpServer server(site_with_worker(worker.script, ask));
      const std::string failure = failure_of(studio, server.url("/page"));
      CAPTURE(failure);
      CHECK(contains(failure, "uncaught exception in worker " + server.url("/worker.js") + ": "));
      CHECK((contains(failure, "boom") || contains(failure, "SyntaxError")));
      CHECK(contains(failure, ".js:1)"));
      const HttpServer page_handles(site_with_worker(worker.script, ask + by_page));
      const HttpServer worker_handles(site_with_worker(by_worker + worker.script, ask));
      CHECK(failure_of(studio, page_handles.url("/page")).empty() == worker.page_may_handle);
      CHECK(failure_of(studio, worker_handles.url("/page")).empty() == worker.worker_may_handle);
    }
  }
}

TEST_CASE("exceptions: workers of a page that draws by renderFrame are heard, too", "[capture][exceptions][workers]") {
  Studio studio(CaptureMode::screenshot);
  for (const std::string thrower : {"throw new Error('boom')", "Promise.reject(new Error('boom'))"}) {
    const HttpServer server(site_with_worker("setTimeout(() => { " + thrower + "; }, 90)",
                                             "renderFrame = () => new Promise((resolve) => setTimeout(resolve, 100))"));
    CHECK(contains(failure_of(studio, server.url("/page")), "boom"));
  }
}

TEST_CASE("exceptions: a worker whose script is missing is told with its URL", "[capture][exceptions][workers]") {
  for (const CaptureMode mode : exception_backends) {
    CAPTURE(to_string(mode));
    const HttpServer server(
        {{"/page", {.body = "<script>new Worker('/gone.js'); new Worker('/no.mjs', {type: 'module'});</script>"}}});
    Studio studio(mode);
    REQUIRE(failure_of(studio, server.url("/page")).empty());
    CHECK(contains(studio.log(), "worker " + server.url("/gone.js") + " does not run"));
    CHECK(contains(studio.log(), "worker " + server.url("/no.mjs") + " does not run"));
    CHECK(contains(error_of(studio.load(server.url("/page"), {0, 1}, {}, {.strict = true})), "does not run"));
  }
}

TEST_CASE("exceptions: the browser of a page that failed draws the next one", "[capture][exceptions]") {
  for (const CaptureMode mode : exception_backends) {
    Studio studio(mode);
    for (const std::string thrower : throwers) {
      CAPTURE(to_string(mode), thrower);
      CHECK_FALSE(failure_of_script(studio, thrower).empty());
      CHECK(failure_of(studio, "static.html").empty());
    }
  }
}
