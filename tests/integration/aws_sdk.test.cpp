// AWS's own SDK calls our emulator and, behind it, our function: what the SDK signs, decodes and retries is what AWS does.
#include "support/aws_clients.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/lambda_run.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

std::string text_at(const boost::json::object& seen, const char* name) {
  const auto* text = seen.if_contains(name);
  return text != nullptr && text->is_string() ? std::string(text->as_string()) : std::string();
}

/// The SDK's error, or how a stream ended; empty if there is none.
boost::json::object part(const boost::json::object& seen, const char* name) {
  const auto* found = seen.if_contains(name);
  return found != nullptr ? found->as_object() : boost::json::object{};
}

/// A function that answers its event, in two pieces.
LambdaFunction echo() {
  return {.builtin = [](const std::string& event) { return std::vector<std::string>{event, "!"}; }};
}

}  // namespace

TEST_CASE("AWS's SDK: our function's messages arrive, streamed and whole", "[lambda]") {
  if (!have_aws_clients()) return;
  const HttpServer server({{"/", {.body = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/throws_at_frame.html")}}});
  const LambdaEmulator lambda(render_function());
  const std::string event = to_json(tiny_event(server.url("/")));
  const auto streamed = SdkCaller(lambda).stream(event);
  INFO(boost::json::serialize(streamed) + lambda.logs());
  CHECK(part(streamed, "end") == boost::json::object{{"code", ""}, {"details", ""}});
  const FunctionAnswer answer{.messages = parse_lines(text_at(streamed, "text"))};
  CHECK(answer.error().code == Errc::page_error);
  CHECK(answer.error().frame == 7);
  const auto whole = SdkCaller(lambda).whole(event);
  INFO(boost::json::serialize(whole));
  CHECK(text_at(whole, "function_error").empty());
  CHECK(text_at(whole, "version") == "$LATEST");
  CHECK(FunctionAnswer{.messages = parse_lines(text_at(whole, "text"))}.error().frame == 7);
  CHECK(lambda.counts().warm_starts == 1);
}

TEST_CASE("AWS's SDK: our function's error is a FunctionError with its type", "[lambda]") {
  if (!have_aws_clients()) return;
  LambdaFunction function = render_function();
  function.environment = {{"ORCHESTRATOR_FFMPEG", "/nowhere/ffmpeg"}};
  const LambdaEmulator lambda(function);
  const auto whole = SdkCaller(lambda).whole("{}");
  CHECK(text_at(whole, "function_error") == "Unhandled");
  CHECK(contains(text_at(whole, "text"), "Function.EncoderMissing"));
  const auto streamed = SdkCaller(lambda).stream("{}");
  CHECK(text_at(part(streamed, "end"), "code") == "Function.EncoderMissing");
  CHECK(contains(text_at(part(streamed, "end"), "details"), "/nowhere/ffmpeg"));
}

TEST_CASE("AWS's SDK: its signature is the one the emulator computes, for every form of a function's name", "[lambda]") {
  if (!have_aws_clients()) return;
  LambdaAccount account;
  account.region = "eu-west-1";
  account.session_token = "a/session+token==";
  const LambdaEmulator lambda(echo(), {}, account);
  const SdkCaller caller(lambda, account);
  for (const char* name : {"render", "render:live", "arn:aws:lambda:eu-west-1:000000000000:function:render:$LATEST"}) {
    CAPTURE(name);
    CHECK(text_at(caller.whole(R"({"é":" *~"})", name), "text") == R"({"é":" *~"}!)");
    CHECK(text_at(caller.stream("{}", name), "text") == "{}!");
  }
  LambdaAccount forged = account;
  forged.secret_access_key = "another";
  const auto refused = part(SdkCaller(lambda, forged).whole("{}"), "error");
  CHECK(text_at(refused, "name") == "InvalidSignatureException");
  CHECK(refused.at("status") == 403);
}

TEST_CASE("AWS's SDK: throttling is a TooManyRequestsException with its reason, and is tried again", "[lambda]") {
  if (!have_aws_clients()) return;
  LambdaEmulator lambda(echo());
  SdkCaller caller(lambda);
  lambda.inject(LambdaFault::throttle);
  const auto throttled = part(caller.stream("{}"), "error");
  INFO(boost::json::serialize(throttled));
  CHECK(text_at(throttled, "name") == "TooManyRequestsException");
  CHECK(text_at(throttled, "message") == "Rate Exceeded.");
  CHECK(text_at(throttled, "reason") == "ReservedFunctionConcurrentInvocationLimitExceeded");
  CHECK(text_at(throttled, "retry_after") == "1");
  CHECK(throttled.at("status") == 429);
  caller.attempts(3);
  lambda.inject(LambdaFault::throttle);
  lambda.inject(LambdaFault::service_error);
  const auto seen = caller.whole("{}");
  CHECK(text_at(seen, "text") == "{}!");
  CHECK(seen.at("attempts") == 3);
  CHECK(lambda.counts().throttled == 2);
}

TEST_CASE("AWS's SDK: what is wrong with a request is the exception that its type says", "[lambda]") {
  if (!have_aws_clients()) return;
  LambdaFunction buffered = echo();
  buffered.streams = false;
  const LambdaEmulator lambda(buffered, {.request_bytes = 100});
  const SdkCaller caller(lambda);
  const auto failure = [](const boost::json::object& seen) {
    INFO(boost::json::serialize(seen));
    CHECK_FALSE(text_at(part(seen, "error"), "message").empty());
    return text_at(part(seen, "error"), "name");
  };
  CHECK(failure(caller.whole("{}", "other")) == "ResourceNotFoundException");
  CHECK(failure(caller.whole("no JSON")) == "InvalidRequestContentException");
  CHECK(failure(caller.whole('"' + std::string(100, 'x') + '"')) == "RequestTooLargeException");
  CHECK(failure(caller.stream("{}")) == "ModeNotSupportedException");
}

TEST_CASE("AWS's SDK: a stream that breaks off is an error, one that only stops has no end", "[lambda]") {
  if (!have_aws_clients()) return;
  LambdaEmulator lambda(echo());
  for (const LambdaFault fault : {LambdaFault::reset, LambdaFault::truncate, LambdaFault::crash}) lambda.inject(fault);
  const SdkCaller caller(lambda);
  CHECK_FALSE(part(caller.stream("{}"), "error").empty());
  const auto truncated = caller.stream("{}");
  CHECK(text_at(truncated, "text") == "{}");
  CHECK(part(truncated, "error").empty());
  CHECK_FALSE(truncated.contains("end"));
  const auto crashed = caller.stream("{}");
  CHECK(text_at(part(crashed, "end"), "code") == "Runtime.ExitError");
}
