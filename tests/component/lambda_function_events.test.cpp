// The function as a process, with events that end before a browser is started.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/lambda_run.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

TEST_CASE("lambda function: a program that is missing fails the start, in words", "[lambda]") {
  LambdaFunction function = render_function();
  function.environment = {{"ORCHESTRATOR_FFMPEG", "/nowhere/ffmpeg"}};
  const LambdaEmulator lambda(function);
  const auto answer = LambdaCaller(lambda).invoke("{}");
  CHECK(answer.header("X-Amz-Function-Error") == "Unhandled");
  CHECK(contains(answer.body, "Function.EncoderMissing"));
  CHECK(contains(answer.body, "/nowhere/ffmpeg"));
  CHECK(contains(lambda.logs(), "/nowhere/ffmpeg"));
}

TEST_CASE("lambda function: what a dead one left is removed, what a live one needs is not", "[lambda]") {
  const TempDir shared;
  fs::create_directories(shared / "orchestrator-lambda-dead00/files");
  LambdaFunction function = render_function();
  function.environment.emplace_back("TMPDIR", shared.path().string());
  const LambdaEmulator one(function);
  const LambdaEmulator two(function);
  const LambdaCaller to_one(one);
  const LambdaCaller to_two(two);
  for (const LambdaCaller* caller : {&to_one, &to_two}) run_function(*caller, "{}");
  CHECK_FALSE(fs::exists(shared / "orchestrator-lambda-dead00"));
  CHECK(names_in(shared.path()).size() == 2);
}

TEST_CASE("lambda function: an event that is wrong is a typed error, the same streamed or whole", "[lambda]") {
  const LambdaEmulator lambda(render_function());
  const LambdaCaller caller(lambda);
  const auto streamed = run_function(caller, "{\"hello\":\"world\"}");
  CHECK(streamed.end == "{}");  // the function worked; the event did not
  CHECK(streamed.error().code == Errc::invalid_options);
  CHECK(contains(streamed.error().detail, "event.protocol"));
  const auto whole = caller.invoke("{\"hello\":\"world\"}");
  CHECK(whole.header("X-Amz-Function-Error").empty());
  CHECK(whole.body == protocol::to_json(streamed.messages.back()) + "\n");
}

TEST_CASE("lambda function: a codec that only a newer caller knows is refused by name, and the environment stays", "[lambda]") {
  const LambdaEmulator lambda(render_function());
  const LambdaCaller caller(lambda);
  lambda::InvocationEvent event = tiny_event("http://127.0.0.1:9");
  event.job.video.codec = "h999";
  for (int i = 0; i < 2; ++i) {
    const auto answer = run_function(caller, to_json(event));
    INFO(answer.text());
    CHECK(answer.error().code == Errc::invalid_options);
    CHECK(contains(answer.error().detail, "h999"));
  }
  CHECK(lambda.environments().size() == 1);
}

TEST_CASE("lambda function: its time is watched while it reads an event from a bucket that does not answer", "[lambda]") {
  const ScriptedHttp bucket([](const HttpCall&) { return HttpScript{.then = HttpScript::Then::hang}; });
  const LambdaEmulator lambda(render_function(), {.timeout = std::chrono::seconds(6)});
  const LambdaCaller caller(lambda);
  const auto answer =
      run_function(caller, to_json(lambda::InvocationEvent{.store = {"eu-west-1", bucket.origin(), true, "b"}, .job_at = "job"}));
  INFO(answer.text());
  REQUIRE(answer.end == "{}");
  CHECK(answer.error().code == Errc::executor_unavailable);
  CHECK(contains(answer.error().detail, "time limit of the function render"));
  CHECK(contains(answer.error().detail, "before the event was read"));
  CHECK(std::holds_alternative<protocol::Heartbeat>(answer.messages.front()));
  CHECK(run_function(caller, "{}").error().code == Errc::invalid_options);
  CHECK(lambda.counts().cold_starts == 1);
}
