// AWS's own runtime client runs as the function under our emulator, and our client invokes it: what it asks of the Runtime API is
// what AWS's platform has to offer.
#include "lambda/aws/lambda_client.hpp"
#include "support/aws_clients.hpp"
#include "support/aws_session.hpp"
#include "support/contains.hpp"
#include "support/in_time.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// A handler of handlers.mjs.
LambdaFunction handler(const std::string& name, const std::string& module = "handlers") {
  return {.command = {"node", aws_client_file("node_modules/aws-lambda-ric/index.mjs")},
          .environment = {{"_HANDLER", module + "." + name}, {"LAMBDA_TASK_ROOT", ORCHESTRATOR_AWS_CLIENTS}}};
}

struct Caller {
  explicit Caller(const LambdaEmulator& lambda)
      : client(session.http, session.credentials, session.budget,
               {.region = account.region, .function = "render", .endpoint = lambda.endpoint()}) {}

  aws::AwsResult<std::string> whole(const std::string& event) { return session.run(client.invoke({.payload = event})); }
  aws::AwsResult<void> stream(const std::string& event) {
    text.clear();
    return session.run(client.invoke_streaming({.payload = event}, [this](std::string_view piece) { text += piece; }));
  }

  LambdaAccount account{};
  AwsSession session{{.keys = {account.access_key_id, account.secret_access_key, account.session_token}}};
  aws::LambdaClient client;
  std::string text{};  ///< what the last stream brought
};

}  // namespace

TEST_CASE("AWS's runtime client: an answer in one comes whole and as a stream, from one warm process", "[lambda]") {
  if (!have_aws_clients()) return;
  const LambdaEmulator lambda(handler("whole"));
  Caller caller(lambda);
  const auto answer = caller.whole(R"({"words":["one","zwölf"]})");
  INFO(lambda.logs());
  REQUIRE(answer.has_value());
  const auto said = boost::json::parse(*answer).as_object();
  CHECK(said.at("words") == boost::json::array{"one", "zwölf"});
  CHECK(said.at("arn") == "arn:aws:lambda:us-east-1:000000000000:function:render");
  CHECK(said.at("time_left").as_int64() > 0);
  CHECK(said.at("time_left").as_int64() <= 30'000);  // LambdaLimits::timeout
  CHECK(caller.stream(R"({"words":["again"]})").has_value());
  CHECK(contains(caller.text, R"("words":["again"])"));
  CHECK(lambda.counts().cold_starts == 1);
  CHECK(lambda.counts().warm_starts == 1);
}

TEST_CASE("AWS's runtime client: a streamed answer comes the same as a stream and whole", "[lambda]") {
  if (!have_aws_clients()) return;
  const LambdaEmulator lambda(handler("stream"));
  Caller caller(lambda);
  const auto ended = caller.stream(R"({"words":["one ","two ","three"]})");
  INFO(lambda.logs());
  CHECK(ended.has_value());
  CHECK(caller.text == "one two three");
  CHECK(caller.whole(R"({"words":["one ","two"]})").value() == "one two");
  CHECK(caller.stream(R"({"words":[]})").has_value());
  CHECK(caller.text.empty());
  const std::string long_word(1'000'000, 'x');
  CHECK(caller.stream(R"({"words":[")" + long_word + R"(","!"]})").has_value());
  CHECK(caller.text == long_word + "!");
  CHECK(lambda.counts().cold_starts == 1);
}

TEST_CASE("AWS's runtime client: a handler's error is the invocation's, in the middle of a stream as well", "[lambda]") {
  if (!have_aws_clients()) return;
  const LambdaEmulator streaming(handler("stream"));
  Caller caller(streaming);
  const auto broken = caller.stream(R"({"words":["one"],"fail":"Function.Broken"})");
  INFO(streaming.logs());
  REQUIRE_FALSE(broken.has_value());
  CHECK(caller.text == "one");
  CHECK(broken.error().name == "Function.Broken");
  CHECK(contains(broken.error().error.detail, "as told"));
  const auto unnamed = caller.stream(R"({"words":[],"fail":"TypeError"})");
  REQUIRE_FALSE(unnamed.has_value());
  // AWS's client answers and asks for the next event on two connections, and of an empty answer either may come first.
  const std::string name = unnamed.error().name;
  CHECK((name == "Runtime.Unknown" || name == "Runtime.NoResponse"));
  CHECK(caller.stream(R"({"words":["on"]})").has_value());
  CHECK(streaming.counts().cold_starts == 1);

  const LambdaEmulator buffered(handler("whole"));
  const auto failed = Caller(buffered).whole(R"({"fail":"Function.Broken"})");
  INFO(buffered.logs());
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().name == "Function.Broken");
  CHECK(contains(failed.error().error.detail, "as told"));
  CHECK(Caller(buffered).stream(R"({"fail":"Function.Broken"})").error().name == "Runtime.Unknown");  // reported without its type
  CHECK(buffered.counts().cold_starts == 1);
}

TEST_CASE("AWS's runtime client: what keeps it from starting is the answer to the invocation that started it", "[lambda]") {
  if (!have_aws_clients()) return;
  for (const auto& [function, type] : {std::pair(handler("missing"), "Runtime.HandlerNotFound"),
                                       std::pair(handler("stream", "nowhere"), "Runtime.ImportModuleError")}) {
    CAPTURE(type);
    const LambdaEmulator lambda(function);
    const auto answer = Caller(lambda).whole("{}");
    INFO(lambda.logs());
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().name == type);
    CHECK(in_time([&] { return contains(lambda.logs(), "\nNode.js v"); }));  // ended by itself, with its report accepted
  }
}

TEST_CASE("AWS's runtime client: a process that exits or runs out of time fails its invocation only", "[lambda]") {
  if (!have_aws_clients()) return;
  const LambdaEmulator lambda(handler("stream"), {.timeout = std::chrono::seconds(2)});
  Caller caller(lambda);
  const auto exited = caller.stream(R"({"words":["one"],"exit":3})");
  INFO(lambda.logs());
  REQUIRE_FALSE(exited.has_value());
  CHECK(exited.error().name == "Runtime.ExitError");
  const auto late = caller.stream(R"({"words":["one"],"hang":60000})");
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().name == "Sandbox.Timedout");
  CHECK(caller.text == "one");
  CHECK(caller.stream(R"({"words":["next"]})").has_value());
  CHECK(lambda.counts().cold_starts == 3);
}

TEST_CASE("AWS's runtime client: an answer that comes too late does not disturb the next one", "[lambda]") {
  if (!have_aws_clients()) return;
  for (const char* name : {"stream", "whole"}) {
    CAPTURE(name);
    LambdaFunction function = handler(name);
    function.reset_after_timeout = false;
    const LambdaEmulator lambda(function, {.timeout = std::chrono::milliseconds(500)});
    Caller caller(lambda);
    const auto late = caller.stream(R"({"words":["one"],"hang":1000})");
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().name == "Sandbox.Timedout");
    const auto next = caller.stream(R"({"words":["next"]})");
    INFO(lambda.logs());
    CHECK(next.has_value());
    CHECK(contains(caller.text, "next"));
    CHECK(lambda.counts().cold_starts == 1);
  }
}
