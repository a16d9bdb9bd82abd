// LambdaExecutor as a C++ program uses it: our function in the emulator's environments, a real S3.
#include "support/contains.hpp"
#include "support/lambda_account.hpp"

#include <orchestrator/orchestrator.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// Small, without loss, in `chunks` chunks, as small_and_exact() says it.
RenderOptions film_of(const Account& account, const std::string& name, FrameRange frames, int chunks) {
  return {.composition = account.scene,
          .output = account.sandbox.out() / name,
          .video = {.width = 320, .height = 180, .fps = {30, 1}, .preset = "ultrafast", .crf = 0, .pixel_format = "rgb24"},
          .frames = frames,
          .chunking = {.chunks = chunks}};
}

Result<RenderResult> render(LambdaExecutor& executor, const RenderOptions& options, std::string& log, std::stop_token stop = {}) {
  RenderOrchestrator orchestrator(executor);
  RenderEvents events;
  events.on_log = [&log](LogLevel, std::string_view line) { log += std::string(line) + "\n"; };
  auto result = orchestrator.render(options, events, std::move(stop));
  if (!result) log += result.error().message() + "\n";
  return result;
}

}  // namespace

TEST_CASE("lambda executor: functions that end without a result are tried again, and the film is whole", "[lambda]") {
  if (!can_test()) return;
  for (const LambdaFault fault : {LambdaFault::out_of_time, LambdaFault::out_of_memory, LambdaFault::hang}) {
    CAPTURE(static_cast<int>(fault));
    Account account("ends-" + std::to_string(static_cast<int>(fault)));
    account.lambda.inject(fault);
    LambdaExecutorOptions options = account.options();
    options.silence_timeout = 6s;
    std::string log;
    {
      LambdaExecutor executor(options);
      const auto result = render(executor, film_of(account, "film.mp4", {0, 12}, 3), log);
      INFO(log + account.lambda.logs());
      REQUIRE(result.has_value());
      CHECK(executor.usage().invocations == 4);
      CHECK(executor.usage().gb_seconds > 0);
    }
    CHECK(frame_hashes(account.sandbox.film()).size() == 12);
    CHECK(contains(log, "trying again"));
    CHECK(account.keys("orchestrator/renders/") == std::vector<std::string>{});
  }
}

TEST_CASE("lambda executor: a function says what a composition is, and stores nothing", "[lambda]") {
  if (!can_test()) return;
  Account account("describe");
  {
    LambdaExecutor executor(account.options());
    CHECK(executor.capabilities().describes);
    const auto description = RenderOrchestrator(executor).describe({.composition = page("declares_length.html")});
    INFO((description ? account.lambda.logs() : description.error().message() + account.lambda.logs()));
    REQUIRE(description.has_value());
    CHECK(description->contract == "renderFrame");
    CHECK(description->compositions.front().frames == 20);
    CHECK(executor.usage().invocations == 1);
    const auto refused = RenderOrchestrator(executor).describe({.composition = page("throws_on_load.html")});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::page_error);
  }
  CHECK(account.keys("orchestrator/renders/") == std::vector<std::string>{});
}

TEST_CASE("lambda executor: a job that is too large for an invocation travels through the bucket, and does not stay there",
          "[lambda]") {
  if (!can_test()) return;
  Account account("spilled");
  LambdaExecutor executor(account.options());
  RenderOptions options = film_of(account, "film.mp4", {5, 11}, 2);
  // Each quotation mark is two bytes of an event: over the 6 MB that the service takes.
  options.props = "{\"words\":[\"\"";
  for (int i = 0; i < 1'300'000; ++i) options.props += ",\"\"";
  options.props += "]}";
  std::string log;
  const auto result = render(executor, options, log);
  INFO(log + account.lambda.logs());
  REQUIRE(result.has_value());
  CHECK(frame_hashes(account.sandbox.film()) == local_hashes("5:11"));
  CHECK(comes_true([&] { return account.keys("orchestrator/renders/").empty(); }, 5s));
}

TEST_CASE("lambda executor: one serves several renders; the second finds its composition uploaded and its functions warm",
          "[lambda]") {
  if (!can_test()) return;
  Account account("several");
  LambdaExecutor executor(account.options());
  for (const char* name : {"film.mp4", "again.mp4"}) {
    std::string log;
    const auto result = render(executor, film_of(account, name, {0, 8}, 2), log);
    INFO(log + account.lambda.logs());
    REQUIRE(result.has_value());
    CHECK(account.keys("orchestrator/compositions/").size() == 1);
  }
  CHECK(frame_hashes(account.sandbox.out() / "again.mp4") == frame_hashes(account.sandbox.film()));
  CHECK(account.lambda.counts().cold_starts <= 2);
  CHECK(executor.usage().invocations == 4);
}

TEST_CASE("lambda executor: what the service runs at a time is found out, and this machine's clock may be wrong", "[lambda]") {
  if (!can_test()) return;
  Account account("limits", {.concurrency = 2}, true, 1h);
  LambdaExecutorOptions options = account.options();
  options.max_concurrency = 8;
  LambdaExecutor executor(options);
  std::string log;
  const auto result = render(executor, film_of(account, "film.mp4", {0, 16}, 8), log);
  INFO(log + account.lambda.logs());
  REQUIRE(result.has_value());
  CHECK(frame_hashes(account.sandbox.film()).size() == 16);
  CHECK(account.lambda.counts().throttled > 0);
  CHECK(account.lambda.counts().most_running == 2);
  CHECK(contains(log, "TooManyRequestsException"));
}

TEST_CASE("lambda executor: a chunk that takes longer than it may ends with its time limit, and nothing stays", "[lambda]") {
  if (!can_test()) return;
  Account account("late");
  LambdaExecutorOptions options = account.options();
  options.chunk_timeout = 4s;
  options.attempts = 1;
  LambdaExecutor executor(options);
  RenderOptions endless = film_of(account, "film.mp4", {0, 20'000}, 1);
  std::string log;
  const auto result = render(executor, endless, log);
  INFO(log + account.lambda.logs());
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::executor_unavailable);
  CHECK(result.error().chunk == 0);
  CHECK(result.error().worker == "render");
  CHECK(contains(result.error().detail, "time limit of the job"));
  CHECK(comes_true([&] { return account.keys("orchestrator/renders/").empty(); }, 5s));
  CHECK(account.lambda.counts().running == 0);
}

TEST_CASE("lambda executor: a render that waits for a service that takes nothing can be stopped", "[lambda]") {
  if (!can_test()) return;
  Account account("refusing");
  account.lambda.inject(LambdaFault::throttle, 10'000);
  LambdaExecutor executor(account.options());
  std::stop_source stop;
  std::jthread later([&] {
    comes_true([&] { return account.lambda.counts().throttled > 2; }, 30s);
    stop.request_stop();
  });
  std::string log;
  const auto result = render(executor, film_of(account, "film.mp4", {0, 8}, 2), log, stop.get_token());
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::cancelled);
  CHECK(executor.usage().invocations == 0);
  CHECK(contains(log, "ReservedFunctionConcurrentInvocationLimitExceeded"));
}

TEST_CASE("lambda executor: it renders on after any number of cancelled renders", "[lambda]") {
  if (!can_test()) return;
  Account account("again");
  LambdaExecutor executor(account.options());
  for (int round = 0; round < 3; ++round) {
    const int before = account.lambda.counts().requests;
    std::stop_source stop;
    std::jthread later([&] {
      comes_true([&] { return account.lambda.counts().requests >= before + 2; }, 30s);
      stop.request_stop();
    });
    std::string log;
    const auto cancelled = render(executor, film_of(account, "film.mp4", {0, 20'000}, 2), log, stop.get_token());
    REQUIRE_FALSE(cancelled.has_value());
    CHECK(cancelled.error().code == Errc::cancelled);
  }
  std::string log;
  const auto result = render(executor, film_of(account, "film.mp4", {0, 8}, 2), log);
  INFO(log + account.lambda.logs());
  REQUIRE(result.has_value());
  CHECK(frame_hashes(account.sandbox.film()).size() == 8);
  CHECK(comes_true([&] { return account.keys("orchestrator/renders/").empty(); }, 10s));
}

TEST_CASE("lambda executor: what is missing is said before anything starts", "[lambda]") {
  LambdaExecutor executor({.function = "render"});
  RenderOrchestrator orchestrator(executor);
  const auto result = orchestrator.render({.composition = page("static.html"), .output = "film.mp4", .frames = {0, 4}});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::invalid_options);
  CHECK(result.error().detail.starts_with("lambda.bucket: "));
}
