#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/in_time.hpp"
#include "support/lambda_run.hpp"
#include "support/page_text.hpp"
#include "support/processes.hpp"
#include "support/scripted_http.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

HttpServer serve_page(const std::string& name) { return HttpServer({{"/", {.body = page_text(name)}}}); }

/// The browser of the only environment; 0 if there is none.
pid_t browser_of(const LambdaEmulator& lambda) {
  for (const Process& process : descendants_of(lambda.environments().at(0))) {
    if (contains(process.command, "--remote-debugging-pipe") && !contains(process.command, "--type=")) return process.pid;
  }
  return 0;
}

/// Every file below the environments' temporary folders that ends so.
int count_files(const LambdaEmulator& lambda, const std::string& extension) {
  int count = 0;
  for (const fs::path& folder : lambda.temporary_folders()) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) count += entry.path().extension() == extension ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("lambda function: a composition that cannot be loaded is a typed error, and a line of the log", "[lambda]") {
  const LambdaEmulator lambda(render_function());
  const auto answer =
      run_function(LambdaCaller(lambda), to_json(tiny_event("http://127.0.0.1:" + std::to_string(closed_port()))));
  INFO(answer.text());
  CHECK(answer.error().code == Errc::composition_unreachable);
  const std::string log = lambda.logs();
  INFO(log);
  CHECK(contains(log, R"("level":"error","request_id":")"));
  CHECK(contains(log, "capture: "));  // which way was taken
}

TEST_CASE("lambda function: a page's error names its frame, and leaves no chunk behind", "[lambda]") {
  const HttpServer server = serve_page("throws_at_frame.html");
  const LambdaEmulator lambda(render_function());
  const auto answer = run_function(LambdaCaller(lambda), to_json(tiny_event(server.url("/"))));
  INFO(answer.text());
  CHECK(answer.error().code == Errc::page_error);
  CHECK(answer.error().frame == 7);
  CHECK(in_time([&] { return count_files(lambda, ".mp4") == 0; }));
}

TEST_CASE("lambda function: stops before its time is up, says so, and goes on with a warm environment", "[lambda]") {
  const HttpServer server = serve_page("never_resolves.html");
  const LambdaEmulator lambda(render_function(), {.timeout = std::chrono::seconds(12)});
  const LambdaCaller caller(lambda);
  const auto answer = run_function(caller, to_json(tiny_event(server.url("/"))));
  INFO(answer.text());
  CHECK(answer.end == "{}");
  CHECK(answer.error().code == Errc::executor_unavailable);
  CHECK(is_retryable(answer.error().code));
  CHECK(contains(answer.error().detail, "time limit of the function render"));
  CHECK(contains(answer.error().detail, "of 10 frames"));
  bool beat = false;
  for (const auto& message : answer.messages) beat = beat || std::holds_alternative<protocol::Heartbeat>(message);
  CHECK(beat);
  CHECK(run_function(caller, "{}").error().code == Errc::invalid_options);
  CHECK(lambda.counts().cold_starts == 1);
}

TEST_CASE("lambda function: a throttled look for the marker is told once, and does not delay the next", "[lambda]") {
  const HttpServer page = serve_page("never_resolves.html");
  std::atomic<bool> throttles{true};
  const ScriptedHttp bucket([&](const HttpCall&) { return http_answer(throttles ? 503 : 200, "", "Retry-After: 3600\r\n"); });
  lambda::InvocationEvent event = tiny_event(page.url("/"));
  event.store.endpoint = bucket.origin();
  event.cancel = "cancel";
  const LambdaEmulator lambda(render_function());
  FunctionAnswer answer;
  std::thread caller([&] { answer = run_function(LambdaCaller(lambda), to_json(event)); });
  const bool asked_again = in_time([&] { return bucket.calls().size() > 8; }, std::chrono::seconds(20));
  throttles = false;
  caller.join();
  INFO(answer.text());
  CHECK(asked_again);
  CHECK(answer.error().code == Errc::cancelled);
  int told = 0;
  for (const auto& message : answer.messages) {
    const auto* log = std::get_if<protocol::Log>(&message);
    told += log != nullptr && contains(log->text, "a cancellation would not be seen") ? 1 : 0;
  }
  CHECK(told == 1);
}

TEST_CASE("lambda function: stops before its memory is used up, says so, and goes on with a new browser", "[lambda]") {
  const HttpServer server({{"/", {.body = R"(<!doctype html><script>
      const kept = [];
      window.renderFrame = (frame) => {
        if (frame < 8) { kept.push(new Uint8Array(100 << 20).fill(1)); return; }
        return new Promise(() => {});
      };</script>)"}}});
  const HttpServer other = serve_page("throws_at_frame.html");
  LambdaFunction function = render_function();
  function.memory_mb = 800;
  const LambdaEmulator lambda(function);
  const LambdaCaller caller(lambda);
  const auto modest = [&] { return run_function(caller, to_json(tiny_event(other.url("/")))).error().code; };
  CHECK(modest() == Errc::page_error);
  const pid_t first = browser_of(lambda);
  REQUIRE(first != 0);
  CHECK(modest() == Errc::page_error);
  CHECK(browser_of(lambda) == first);
  const auto answer = run_function(caller, to_json(tiny_event(server.url("/"))));
  INFO(answer.text());
  CHECK(answer.end == "{}");
  CHECK(answer.error().code == Errc::executor_unavailable);
  CHECK(contains(answer.error().detail, " of its 800 MB of memory"));
  CHECK(contains(answer.error().detail, "raise its memory size"));
  CHECK(modest() == Errc::page_error);
  const pid_t second = browser_of(lambda);
  CHECK(second != 0);
  CHECK(second != first);
  CHECK(lambda.counts().cold_starts == 1);
}

TEST_CASE("lambda function: neither the page nor its browser gets at the platform", "[lambda]") {
  LambdaAccount account;
  account.secret_access_key = "not-for-pages";
  const HttpServer server({{"/", {.body = R"(<!doctype html><script>
      window.renderFrame = async () => {
        const reach = (url) => fetch(url, {mode: 'no-cors'}).then(() => 'reached', () => 'refused');
        const [other, ...api] = await Promise.all(location.hash.slice(1).split(',').map(reach));
        throw new Error(`another server was ${other}, the Runtime API ${api}`);
      };</script>)"}}});
  const HttpServer other({{"/", {.body = "anything"}}});
  const LambdaEmulator lambda(render_function(), {}, account);
  const LambdaCaller caller(lambda, account);
  run_function(caller, "{}");
  const auto pids = lambda.environments();
  REQUIRE(pids.size() == 1);
  const std::string api = lambda.runtime_apis().front();
  std::string places = other.url("/"), refused;
  for (const char* loopback : {"127.0.0.1", "localhost", "localhost.", "x.localhost", "0.0.0.0", "127.1.2.3", "2130706433",
                               "[::ffff:127.0.0.1]", "[::1]"}) {
    places += ",http://" + std::string(loopback) + api.substr(api.find(':')) + "/ping";
    refused += refused.empty() ? "refused" : ",refused";
  }
  const auto answer = run_function(caller, to_json(tiny_event(server.url("/") + "#" + places)));
  INFO(answer.text());
  CHECK(answer.error().code == Errc::page_error);
  CHECK(contains(answer.error().detail, "another server was reached, the Runtime API " + refused + " (http"));
  for (const Process& process : descendants_of(pids.front())) {
    CHECK_FALSE(contains(read_file("/proc/" + std::to_string(process.pid) + "/environ"), "not-for-pages"));
  }
}
