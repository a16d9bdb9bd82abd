#include "lambda/aws/lambda_client.hpp"
#include "lambda/aws/event_stream.hpp"
#include "support/aws_session.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/scripted_http.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;
using namespace std::chrono_literals;
using Then = HttpScript::Then;

namespace {

struct Function {
  explicit Function(const ScriptedHttp& server, LambdaTarget target = {.region = "eu-west-1", .function = "render"}) {
    target.endpoint = server.origin();
    client.emplace(session.http, session.credentials, session.budget, target);
  }
  AwsSession session{};
  std::optional<LambdaClient> client{};
  std::string heard{};

  AwsResult<void> stream(LambdaInvocation invocation = {.payload = "{}"}) {
    heard.clear();
    return session.run(client->invoke_streaming(std::move(invocation), [this](std::string_view bytes) { heard += bytes; }));
  }
  AwsFailure stream_failure(LambdaInvocation invocation = {.payload = "{}"}) {
    const auto end = stream(std::move(invocation));
    REQUIRE_FALSE(end.has_value());
    CHECK(contains(end.error().error.detail, "render"));
    return end.error();
  }
};

std::string event(const std::string& type, const std::string& payload) {
  return encode_event(
      {.headers = {{.name = ":event-type", .value = type}, {.name = ":message-type", .value = "event"}}, .payload = payload});
}

/// A stream of these events in chunks of 7 bytes, ended as HTTP wants it or not.
HttpScript stream_of(const std::string& events, Then then = Then::keep) {
  HttpScript script{.bytes =
                        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n",
                    .then = then};
  for (std::size_t at = 0; at < events.size(); at += 7) {
    const std::string piece = events.substr(at, 7);
    script.bytes += std::to_string(piece.size()) + "\r\n" + piece + "\r\n";
  }
  if (then == Then::keep) script.bytes += "0\r\n\r\n";
  return script;
}

ScriptedHttp answering(HttpScript script) {
  return ScriptedHttp([script = std::move(script)](const HttpCall&) { return script; });
}

}  // namespace

TEST_CASE("lambda: a streamed answer arrives piece by piece, whole", "[aws]") {
  ScriptedHttp server =
      answering(stream_of(event("PayloadChunk", "one\n") + event("PayloadChunk", "two\n") + event("InvokeComplete", "{}")));
  Function function(server);
  CHECK(function.stream({.payload = R"({"a":1})"}).has_value());
  CHECK(function.heard == "one\ntwo\n");
  const HttpCall call = server.calls().at(0);
  CHECK(call.method_string() == "POST");
  CHECK(call.target() == "/2021-11-15/functions/render/response-streaming-invocations");
  CHECK(call.body() == R"({"a":1})");
  CHECK(contains(call["Authorization"], "/eu-west-1/lambda/aws4_request"));
}

TEST_CASE("lambda: ARNs and qualifiers are addressed as AWS wants them", "[aws]") {
  ScriptedHttp server = answering(http_answer(200, "{}"));
  Function arn(server, {.region = "eu-west-1", .function = "arn:aws:lambda:eu-west-1:1:function:render:live"});
  CHECK(arn.session.run(arn.client->invoke({})).has_value());
  CHECK(server.calls().back().target() ==
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Arender%3Alive/invocations");
  Function qualified(server, {.region = "eu-west-1", .function = "render", .qualifier = "$LATEST"});
  CHECK(qualified.session.run(qualified.client->invoke({})).has_value());
  CHECK(server.calls().back().target() == "/2015-03-31/functions/render/invocations?Qualifier=%24LATEST");
}

TEST_CASE("lambda: InvokeComplete with an error is a failure, though the status is 200", "[aws]") {
  ScriptedHttp server = answering(stream_of(
      event("PayloadChunk", "begun") +
      event("InvokeComplete", R"({"ErrorCode":"Sandbox.Timedout","ErrorDetails":"Task timed out after 3.00 seconds"})")));
  Function function(server);
  const AwsFailure failure = function.stream_failure();
  CHECK(failure.name == "Sandbox.Timedout");
  CHECK(failure.retry == RetryClass::transient);
  CHECK(failure.error.code == Errc::executor_unavailable);
  CHECK(contains(failure.error.detail, "timeout"));
  CHECK(failure.may_have_run);
  CHECK(function.heard == "begun");
}

TEST_CASE("lambda: what ended an invocation is told, also if the connection breaks after it", "[aws]") {
  const std::string end = event("InvokeComplete", R"({"ErrorCode":"Runtime.OutOfMemory","ErrorDetails":"killed"})");
  ScriptedHttp server = answering(stream_of(end, Then::close));
  Function function(server);
  CHECK(function.stream_failure().name == "Runtime.OutOfMemory");
}

TEST_CASE("lambda: a stream without its end is a failure, however the connection ended", "[aws]") {
  const std::string begun = event("PayloadChunk", "begun");
  for (const Then then : {Then::keep, Then::close, Then::reset}) {
    ScriptedHttp server = answering(stream_of(begun, then));
    Function function(server);
    const AwsFailure failure = function.stream_failure();
    CHECK(failure.error.code == Errc::executor_unavailable);
    CHECK(failure.retry == RetryClass::transient);
    CHECK(failure.may_have_run);
    if (then != Then::reset) CHECK(function.heard == "begun");
    CHECK(server.calls().size() == 1);
  }
}

TEST_CASE("lambda: a stream that ends within a message is damaged, whatever came before", "[aws]") {
  const std::string begun = event("PayloadChunk", "begun");
  for (const std::string& before : {std::string(), event("InvokeComplete", "{}")}) {
    ScriptedHttp server = answering(stream_of(before + begun.substr(0, begun.size() - 1)));
    Function function(server);
    const AwsFailure failure = function.stream_failure();
    CHECK(contains(failure.error.detail, "the stream ended within a message"));
    CHECK(failure.retry == RetryClass::transient);
    CHECK(function.heard.empty());
  }
}

TEST_CASE("lambda: damaged frames end the stream", "[aws]") {
  std::string damaged = event("PayloadChunk", "begun") + event("PayloadChunk", "damaged") + event("InvokeComplete", "{}");
  damaged[damaged.find("damaged")] = 'D';
  ScriptedHttp server = answering(stream_of(damaged));
  Function function(server);
  const AwsFailure failure = function.stream_failure();
  CHECK(contains(failure.error.detail, "event stream is damaged"));
  CHECK(failure.error.code == Errc::executor_unavailable);
  CHECK(function.heard == "begun");
}

TEST_CASE("lambda: exceptions and errors within a stream", "[aws]") {
  const auto message = [](std::vector<EventMessage::Header> headers, const std::string& payload) {
    return stream_of(encode_event({.headers = std::move(headers), .payload = payload}));
  };
  ScriptedHttp exception = answering(
      message({{.name = ":message-type", .value = "exception"}, {.name = ":exception-type", .value = "TooManyRequestsException"}},
              R"({"message":"slow","Reason":"CallerRateLimitExceeded"})"));
  Function throttled(exception);
  const AwsFailure slow = throttled.stream_failure();
  CHECK(slow.retry == RetryClass::throttled);
  CHECK(contains(slow.error.detail, "slow"));
  CHECK(slow.reason == "CallerRateLimitExceeded");
  ScriptedHttp error = answering(message({{.name = ":message-type", .value = "error"},
                                          {.name = ":error-code", .value = "InternalFailure"},
                                          {.name = ":error-message", .value = "broken"}},
                                         ""));
  Function failing(error);
  CHECK(contains(failing.stream_failure().error.detail, "InternalFailure: broken"));
}

TEST_CASE("lambda: a buffered answer, and a function error behind status 200", "[aws]") {
  ScriptedHttp good = answering(http_answer(200, "answer"));
  Function function(good);
  CHECK(*function.session.run(function.client->invoke({.payload = "{}"})) == "answer");
  ScriptedHttp bad = answering(http_answer(200, R"({"errorType":"Runtime.ExitError","errorMessage":"signal: killed"})",
                                           "X-Amz-Function-Error: Unhandled\r\n"));
  Function failing(bad);
  const auto end = failing.session.run(failing.client->invoke({.payload = "{}"}));
  REQUIRE_FALSE(end.has_value());
  CHECK(end.error().name == "Runtime.ExitError");
  CHECK(end.error().retry == RetryClass::transient);
  CHECK(contains(end.error().error.detail, "memory"));
}

TEST_CASE("lambda: throttling comes back at once, with its reason and Retry-After", "[aws]") {
  ScriptedHttp server = answering(http_answer(429, R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"})",
                                              "x-amzn-ErrorType: TooManyRequestsException\r\nRetry-After: 3\r\n"));
  Function function(server);
  const AwsFailure failure = function.stream_failure();
  CHECK(failure.retry == RetryClass::throttled);
  CHECK(failure.retry_after == 3s);
  CHECK_FALSE(failure.may_have_run);
  CHECK(failure.reason == "ReservedFunctionConcurrentInvocationLimitExceeded");
  CHECK(contains(failure.error.detail, failure.reason));
  CHECK(server.calls().size() == 1);
}

TEST_CASE("lambda: a wrong clock is corrected once; what else fails is the caller's", "[aws]") {
  ScriptedHttp server([](const HttpCall& call) {
    if (call["x-amz-date"].starts_with("20201120T1200")) return stream_of(event("InvokeComplete", "{}"));
    return http_answer(403, R"({"message":"Signature expired"})",
                       "x-amzn-ErrorType: InvalidSignatureException\r\nDate: Fri, 20 Nov 2020 12:00:00 GMT\r\n");
  });
  Function function(server);
  CHECK(function.stream().has_value());
  CHECK(server.calls().size() == 2);
  ScriptedHttp missing =
      answering(http_answer(404, R"({"Message":"Function not found"})", "x-amzn-ErrorType: ResourceNotFoundException\r\n"));
  Function nobody(missing);
  const AwsFailure failure = nobody.stream_failure();
  CHECK(failure.error.code == Errc::invalid_options);
  CHECK(contains(failure.error.detail, "deploy"));
}

TEST_CASE("lambda: a function that falls silent, and an invocation that is cancelled", "[aws]") {
  HttpScript silent = stream_of(event("PayloadChunk", "begun"), Then::hang);
  ScriptedHttp server = answering(silent);
  Function function(server);
  CHECK(function.stream_failure({.payload = "{}", .silence_timeout = 1s}).retry == RetryClass::transient);
  const auto nothing = [](std::string_view) {};
  const auto end = await_cancelled(function.session.context, function.client->invoke_streaming({}, nothing), 50ms);
  CHECK(end.error().error.code == Errc::cancelled);
}
