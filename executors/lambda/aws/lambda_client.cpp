#include "lambda/aws/lambda_client.hpp"

#include "base/json_reader.hpp"
#include "lambda/aws/event_stream.hpp"
#include "lambda/aws/uri.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace orchestrator::aws {

namespace asio = boost::asio;

namespace {

/// Reads one invocation's event stream: hands on what the function writes, and keeps how the invocation ended.
class InvocationStream {
 public:
  InvocationStream(std::string what, std::function<void(std::string_view)> on_bytes)
      : what_(std::move(what)), on_bytes_(std::move(on_bytes)) {}

  /// Returns false if the stream is damaged and reading has to stop.
  bool feed(std::string_view bytes) {
    decoder_.feed(bytes);
    for (;;) {
      const auto message = decoder_.next();
      if (!message) failure_ = damaged(message.error().detail);
      if (!message) return false;
      if (!*message) return true;
      take(**message);
    }
  }
  void restart() { *this = InvocationStream(std::move(what_), std::move(on_bytes_)); }
  /// What the service has said of the invocation's end, or where the stream is damaged.
  const std::optional<AwsFailure>& reported() const { return failure_; }
  std::optional<AwsFailure> failure() const {
    if (failure_) return failure_;
    if (!decoder_.at_boundary()) return damaged("the stream ended within a message");
    if (!complete_) return damaged("the stream ended before the invocation did");
    return std::nullopt;
  }

 private:
  AwsFailure damaged(const std::string& detail) const {
    return {.error = {.code = Errc::executor_unavailable, .detail = what_ + ": " + detail, .stage = Stage::start},
            .retry = RetryClass::transient,
            .status = 200,
            .may_have_run = true};
  }

  void take(const EventMessage& message) {
    const std::string_view kind = message.text(":message-type"), event = message.text(":event-type");
    if (kind == "exception") {
      const AwsAnswer answer = parse_error_answer({.body = message.payload});
      fail(std::string(message.text(":exception-type")), answer.message, answer.reason);
    } else if (kind == "error") {
      fail(std::string(message.text(":error-code")), std::string(message.text(":error-message")));
    } else if (event == "PayloadChunk") {
      on_bytes_(message.payload);
    } else if (event == "InvokeComplete") {
      complete(message.payload);
    }
  }

  void complete(std::string_view json) {
    std::string code, details;
    const auto wrong = read_json(json, "InvokeComplete",
                                 [&](JsonReader reader) { reader.read("ErrorCode", code).read("ErrorDetails", details); });
    complete_ = !wrong;
    if (!code.empty()) fail(code, details);
  }

  void fail(const std::string& type, const std::string& message, const std::string& reason = "") {
    if (failure_) return;
    failure_ = function_failure(what_, type, message);
    failure_->reason = reason;
  }

  std::string what_;
  std::function<void(std::string_view)> on_bytes_;
  EventStreamDecoder decoder_{};
  bool complete_{false};
  std::optional<AwsFailure> failure_{};
};

}  // namespace

AwsFailure function_failure(const std::string& what, const std::string& type, const std::string& message) {
  AwsFailure failure{.retry = classify(0, type), .status = 200, .name = type, .may_have_run = true};
  std::string detail = what + ": " + type + (message.empty() ? "" : ": " + message);
  const bool timed_out =
      type == "Sandbox.Timedout" || type == "Sandbox.Timeout" || message.find("Task timed out") != std::string::npos;
  const bool ended = type == "Runtime.ExitError" || type == "Runtime.OutOfMemory" || type == "Sandbox.Failure" ||
                     type == "Extension.Crash" || type == "Runtime.TruncatedResponse";
  if (timed_out) detail += "; raise the function's timeout, or render smaller chunks";
  if (ended) detail += "; if it ran out of memory, raise the function's memory size";
  // After these, the same chunk may succeed later or elsewhere. A function that cannot start or answers too much fails again.
  const bool passes = timed_out || ended;
  if (passes) failure.retry = RetryClass::transient;
  const bool retryable = passes || failure.retry == RetryClass::throttled || failure.retry == RetryClass::transient;
  failure.error = {
      .code = retryable ? Errc::executor_unavailable : Errc::invalid_options, .detail = std::move(detail), .stage = Stage::start};
  return failure;
}

LambdaClient::LambdaClient(HttpClient& http, CredentialSource& credentials, RetryBudget& budget, LambdaTarget target)
    : target_(std::move(target)), sender_(http, credentials, budget, lambda_scope(target_.region, {})) {}

AwsCall LambdaClient::call(std::string_view version, std::string_view operation, LambdaInvocation invocation) const {
  AwsCall call{.payload_sha256 = sha256_of(invocation.payload),
               .what = "cannot invoke the function " + target_.function,
               .permission = "lambda:InvokeFunction"};
  call.request = {
      .method = "POST",
      .origin = target_.endpoint.empty() ? "https://" + service_host("lambda", target_.region) : origin_of(target_.endpoint),
      .path = "/" + std::string(version) + "/functions/" + uri_encode(target_.function) + "/" + std::string(operation),
      .headers = {{"Content-Type", "application/json"}, {"X-Amz-Invocation-Type", "RequestResponse"}},
      .body = std::move(invocation.payload)};
  if (!target_.qualifier.empty()) call.request.query = "Qualifier=" + uri_encode(target_.qualifier);
  call.options.silence_timeout = invocation.silence_timeout;
  call.options.total_timeout = invocation.total_timeout;
  call.rules = {.attempts = 1, .waits_out_throttling = false};
  return call;
}

asio::awaitable<AwsResult<void>> LambdaClient::invoke_streaming(LambdaInvocation invocation,
                                                                std::function<void(std::string_view)> on_bytes) {
  AwsCall invoke = call("2021-11-15", "response-streaming-invocations", std::move(invocation));
  InvocationStream stream(invoke.what, std::move(on_bytes));
  invoke.on_attempt = [&stream] { stream.restart(); };
  invoke.options.on_body = [&stream](std::string_view bytes) { return stream.feed(bytes); };
  const auto answer = co_await sender_.send(std::move(invoke));
  const bool cancelled = !answer && answer.error().error.code == Errc::cancelled;
  if (stream.reported() && !cancelled) co_return *stream.reported();  // says more than how the transfer ended after it
  if (!answer) co_return answer.error();
  const auto failure = stream.failure();
  if (failure) co_return *failure;
  co_return AwsResult<void>{};
}

asio::awaitable<AwsResult<std::string>> LambdaClient::invoke(LambdaInvocation invocation) {
  AwsCall invoke = call("2015-03-31", "invocations", std::move(invocation));
  const std::string what = invoke.what;
  auto answer = co_await sender_.send(std::move(invoke));
  if (!answer) co_return answer.error();
  if (find_header(answer->headers, "X-Amz-Function-Error").empty()) co_return std::move(answer->body);
  std::string type{"Unhandled"}, message;
  static_cast<void>(
      read_json(answer->body, "error", [&](JsonReader reader) { reader.read("errorType", type).read("errorMessage", message); }));
  co_return function_failure(what, type, message);
}

}  // namespace orchestrator::aws
