#include "support/contains.hpp"
#include "support/in_time.hpp"
#include "support/lambda_caller.hpp"
#include "support/lambda_event_stream.hpp"
#include "support/processes.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <thread>

using namespace orchestrator::test;

// The emulator stands in for AWS in the tests of executor and function; these are the promises it is trusted for.

namespace {

LambdaFunction scripted() { return {.command = {ORCHESTRATOR_SCRIPTED_RUNTIME}}; }

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return bytes;
}

}  // namespace

TEST_CASE("an event stream frame of the emulator is the one AWS's own library writes") {
  const std::string frame = event_stream_frame("PayloadChunk", "application/octet-stream", "AAAA");
  CHECK(frame.substr(0, 12) == unhex("0000006e0000005ac89eaeaf"));
  CHECK(frame.substr(frame.size() - 4) == unhex("34dc5f9f"));
  const std::string end = event_stream_frame("InvokeComplete", "application/json", "{}");
  CHECK(end.substr(0, 12) == unhex("0000006600000054"
                                   "1f56c869"));
  CHECK(end.substr(end.size() - 4) == unhex("7006d467"));
}

TEST_CASE("an invocation's answer comes whole from Invoke and in pieces from the stream") {
  const LambdaEmulator lambda(scripted());
  const LambdaCaller caller(lambda);
  const auto whole = caller.invoke("\"write:one write:two\"");
  CHECK(whole.status == 200);
  CHECK(whole.header("X-Amz-Function-Error").empty());
  CHECK(whole.body == "onetwo");
  const auto streamed = caller.stream("\"write:one sleep:50 write:two\"");
  CHECK(streamed.header("Content-Type") == "application/vnd.amazon.eventstream");
  CHECK(stream_payload(streamed) == "onetwo");
  CHECK(stream_end(streamed) == "{}");
}

TEST_CASE("an environment is kept for the next invocation") {
  const LambdaEmulator lambda(scripted());
  const LambdaCaller caller(lambda);
  const auto first = caller.invoke("\"pid\"");
  CHECK(caller.invoke("\"pid\"").body == first.body);
  CHECK(lambda.counts().cold_starts == 1);
  CHECK(lambda.counts().warm_starts == 1);
}

TEST_CASE("a function that fails in the middle of its answer is a 200 that says so") {
  const LambdaEmulator lambda(scripted());
  const LambdaCaller caller(lambda);
  const auto streamed = caller.stream("\"write:one fail:Function.Broken\"");
  CHECK(streamed.status == 200);
  CHECK(stream_payload(streamed) == "one");
  CHECK(contains(stream_end(streamed), "\"ErrorCode\":\"Function.Broken\""));
  CHECK(contains(stream_end(streamed), "as told"));
  const auto whole = caller.invoke("\"write:one fail:nonsense\"");
  CHECK(whole.status == 200);
  CHECK(whole.header("X-Amz-Function-Error") == "Unhandled");
  CHECK(contains(stream_end(caller.stream("\"fail:nonsense\"")), "\"ErrorCode\":\"Runtime.Unknown\""));
}

TEST_CASE("a process that exits fails its invocation, and the next one gets a new process") {
  const LambdaEmulator lambda(scripted());
  const LambdaCaller caller(lambda);
  const auto failed = caller.stream("\"write:one exit:3\"");
  CHECK(contains(stream_end(failed), "Runtime.ExitError"));
  CHECK(contains(stream_end(failed), "exit status 3"));
  CHECK(caller.invoke("\"write:again\"").body == "again");
  CHECK(lambda.counts().cold_starts == 2);
}

TEST_CASE("an error while starting is the answer to the invocation that started it") {
  LambdaFunction function = scripted();
  function.environment = {{"ORCHESTRATOR_INIT_ERROR", "Runtime.BadSettings"}};
  const LambdaEmulator lambda(function);
  const auto answer = LambdaCaller(lambda).invoke("{}");
  CHECK(answer.header("X-Amz-Function-Error") == "Unhandled");
  CHECK(contains(answer.body, "Runtime.BadSettings"));
  CHECK(in_time([&] { return contains(lambda.logs(), "reported"); }));  // the process had its answer before it ended
}

TEST_CASE("time that runs out ends the invocation and, as Lambda always did, the process") {
  const LambdaEmulator lambda(scripted(), {.timeout = std::chrono::milliseconds(300)});
  const auto answer = LambdaCaller(lambda).stream("\"write:one sleep:60000\"");
  CHECK(contains(stream_end(answer), "Sandbox.Timedout"));
  CHECK(contains(stream_end(answer), "Task timed out after 0.30 seconds"));
  CHECK(in_time([&] { return lambda.environments().empty(); }));
}

TEST_CASE("a process may outlive its time, as since 2026: its late answer is refused and it goes on") {
  LambdaFunction function = scripted();
  function.reset_after_timeout = false;
  const LambdaEmulator lambda(function, {.timeout = std::chrono::milliseconds(300)});
  const LambdaCaller caller(lambda);
  CHECK(contains(stream_end(caller.stream("\"sleep:600 write:late\"")), "Sandbox.Timedout"));
  CHECK(in_time([&] { return contains(lambda.logs(), "410"); }));
  CHECK(caller.invoke("\"write:next\"").body == "next");
  CHECK(lambda.counts().cold_starts == 1);
}

TEST_CASE("more at once than the concurrency allows are throttled, and no more run") {
  LambdaFunction function{.builtin = [](const std::string&) { return std::vector<std::string>{"done"}; }};
  function.builtin_delay = std::chrono::milliseconds(300);
  const LambdaEmulator lambda(function, {.concurrency = 1});
  const LambdaCaller caller(lambda);
  LambdaAnswer first;
  std::thread other([&] { first = caller.invoke("{}"); });
  REQUIRE(in_time([&] { return lambda.counts().running == 1; }));
  const auto second = caller.invoke("{}");
  other.join();
  CHECK(first.body == "done");
  CHECK(second.status == 429);
  CHECK(second.header("x-amzn-ErrorType") == "TooManyRequestsException");
  CHECK(second.header("Retry-After") == "1");
  CHECK(contains(second.body, "ConcurrentInvocationLimitExceeded"));
  CHECK(lambda.counts().most_running == 1);
}

TEST_CASE("requests that are too large, no JSON, for another function or unsigned are refused") {
  const LambdaEmulator lambda(scripted(), {.request_bytes = 100});
  const LambdaCaller caller(lambda);
  CHECK(caller.invoke('"' + std::string(100, 'x') + '"').header("x-amzn-ErrorType") == "RequestTooLargeException");
  CHECK(caller.invoke("no JSON").header("x-amzn-ErrorType") == "InvalidRequestContentException");
  CHECK(caller.post("/2015-03-31/functions/other/invocations", "{}").status == 404);
  LambdaAccount wrong;
  wrong.secret_access_key = "another";
  const auto forged = LambdaCaller(lambda, wrong).invoke("{}");
  CHECK(forged.status == 403);
  CHECK(forged.header("x-amzn-ErrorType") == "InvalidSignatureException");
  CHECK(lambda.counts().cold_starts == 0);
}

TEST_CASE("a function is known by its name, with a qualifier, and by its ARN") {
  const LambdaEmulator lambda(scripted());
  const LambdaCaller caller(lambda);
  for (const char* name : {"render", "render%3Alive", "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Arender"}) {
    CHECK(caller.post(std::string("/2015-03-31/functions/") + name + "/invocations?Qualifier=1", "\"write:x\"").body == "x");
  }
}

TEST_CASE("answers over the limits fail: 6 MB whole, 200 MB streamed, here 100 KB and 300 KB") {
  const LambdaEmulator lambda(scripted(),
                              {.buffered_response_bytes = 100'000, .stream_bytes = 300'000, .bytes_per_second = 50U << 20});
  const LambdaCaller caller(lambda);
  CHECK(contains(caller.invoke("\"fill:200\"").body, "Function.ResponseSizeTooLarge"));
  CHECK(stream_payload(caller.stream("\"fill:200\"")).size() == 200 * 1024);
  CHECK(contains(stream_end(caller.stream("\"fill:400\"")), "Function.ResponseSizeTooLarge"));
}

TEST_CASE("a long stream is slowed down after its first burst") {
  const LambdaEmulator lambda(scripted(), {.burst_bytes = 10'000, .bytes_per_second = 100'000});
  const auto start = std::chrono::steady_clock::now();
  CHECK(stream_payload(LambdaCaller(lambda).stream("\"fill:40\"")).size() == 40 * 1024);
  CHECK(std::chrono::steady_clock::now() - start > std::chrono::milliseconds(200));  // 30,960 bytes at 100,000 a second
}

TEST_CASE("faults on demand happen once each, in their order") {
  LambdaEmulator lambda(scripted());
  const LambdaCaller caller(lambda);
  for (const LambdaFault fault : {LambdaFault::throttle, LambdaFault::service_error, LambdaFault::reset, LambdaFault::truncate,
                                  LambdaFault::crash, LambdaFault::out_of_time}) {
    lambda.inject(fault);
  }
  const std::string event = "\"write:one sleep:100 write:two\"";
  CHECK(caller.stream(event).status == 429);
  CHECK(caller.stream(event).status == 500);
  CHECK(caller.stream(event).broken);
  const auto truncated = caller.stream(event);
  CHECK_FALSE(truncated.broken);
  CHECK(stream_payload(truncated) == "one");
  CHECK(stream_end(truncated).empty());
  const auto crashed = caller.stream(event);
  CHECK(stream_payload(crashed) == "one");
  CHECK(contains(stream_end(crashed), "Runtime.ExitError"));
  CHECK(contains(stream_end(caller.stream(event)), "Sandbox.Timedout"));
  CHECK(stream_payload(caller.stream(event)) == "onetwo");
}

TEST_CASE("no process is left when the emulator goes") {
  pid_t environment = 0;
  {
    const LambdaEmulator lambda(scripted());
    environment = std::stoi(LambdaCaller(lambda).invoke("\"pid\"").body);
    CHECK(::kill(environment, 0) == 0);
  }
  CHECK(in_time([&] { return ::kill(environment, 0) != 0; }));
}
