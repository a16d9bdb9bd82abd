#include "support/lambda_answers.hpp"
#include "support/lambda_signature.hpp"

#include "lambda/aws/uri.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/json/parse.hpp>

#include <regex>

namespace orchestrator::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

using Request = http::request<http::string_body>;
using InvocationPtr = std::shared_ptr<LambdaInvocation>;

/// The operation and the function that a request's path names.
struct Call {
  bool streaming{false};
  std::string function{};  ///< as given: a name, "name:qualifier" or an ARN
};

std::optional<Call> parse_call(const Request& request) {
  static const std::regex form(
      "/(2015-03-31/functions/([^/?]+)/invocations|2021-11-15/functions/([^/?]+)/response-streaming-invocations)(\\?.*)?");
  const std::string target(request.target());
  std::smatch parts;
  if (request.method() != http::verb::post || !std::regex_match(target, parts, form)) return std::nullopt;
  return Call{.streaming = parts[3].matched, .function = aws::uri_decode(parts[3].matched ? parts[3].str() : parts[2].str())};
}

bool names(const std::string& given, const std::string& function) {
  static const std::regex form("(?:.*function:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9$_-]+)?");
  std::smatch parts;
  return std::regex_match(given, parts, form) && parts[1] == function;
}

bool is_json(const std::string& text) {
  boost::system::error_code failed;
  boost::json::parse(text, failed);
  return !failed;
}

LambdaReply throttled() {
  LambdaReply reply = service_error(429, "TooManyRequestsException", "Rate Exceeded.");
  reply.headers.emplace_back("Retry-After", "1");
  reply.body = R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."})";
  return reply;
}

/// The error with which a request is refused before anything runs; nothing if it may run.
std::optional<LambdaReply> find_error(const LambdaService& service, const Request& request, const std::optional<Call>& call) {
  if (auto unsigned_request = find_signature_error(request, service.account())) return unsigned_request;
  if (!call) return service_error(404, "UnknownOperationException", "no such operation");
  if (!names(call->function, service.function().name)) {
    return service_error(404, "ResourceNotFoundException", "Function not found: " + call->function);
  }
  if (request.body().size() > service.limits().request_bytes) {
    return service_error(413, "RequestTooLargeException",
                         std::to_string(request.body().size()) +
                             " byte payload is too large for the RequestResponse invocation type "
                             "(limit " +
                             std::to_string(service.limits().request_bytes) + " bytes)");
  }
  if (!request.body().empty() && !is_json(request.body())) {
    return service_error(400, "InvalidRequestContentException", "Could not parse request body into json");
  }
  if (call->streaming && !service.function().streams) {
    return service_error(400, "ModeNotSupportedException", "The function does not support response streaming");
  }
  return std::nullopt;
}

/// When a caller's connection closes, the function runs on, but nobody reads its answer any more.
struct AbandonAtExit {
  InvocationPtr invocation;
  ~AbandonAtExit() { invocation->abandon(); }
};

asio::awaitable<void> invoke(LambdaService& service, tcp::socket& socket, const Request& request, const Call& call) {
  const std::string type(request["X-Amz-Invocation-Type"]);
  LambdaReply nothing{.status = 204};
  if (type == "DryRun") co_return co_await send_reply(socket, std::move(nothing), request.keep_alive());
  const auto fault = service.take_fault();
  if (fault == LambdaFault::service_error) {
    LambdaReply failed = service_error(500, "ServiceException", "An error occurred and the request cannot be processed.");
    co_return co_await send_reply(socket, std::move(failed), request.keep_alive());
  }
  const std::string event = request.body().empty() ? "{}" : request.body();
  auto invocation = std::make_shared<LambdaInvocation>(service.executor(), event, fault);
  const AbandonAtExit abandon{invocation};
  bool started = fault != LambdaFault::throttle;
  if (started) started = co_await service.dispatch(invocation);
  if (!started) {
    ++service.counts().throttled;
    LambdaReply later = throttled();
    co_return co_await send_reply(socket, std::move(later), request.keep_alive());
  }
  if (type == "Event") {
    LambdaReply taken{.status = 202, .headers = invocation_headers(*invocation)};
    co_return co_await send_reply(socket, std::move(taken), request.keep_alive());
  }
  if (call.streaming) co_return co_await answer_stream(service, socket, invocation);
  co_await answer_whole(service, socket, invocation, request.keep_alive());
}

}  // namespace

asio::awaitable<void> serve_caller(LambdaService& service, tcp::socket socket) {
  boost::beast::flat_buffer buffer;
  for (bool open = true; open;) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
    const Request request = parser.release();
    ++service.counts().requests;
    const auto call = parse_call(request);
    auto error = find_error(service, request, call);
    if (error) {
      co_await send_reply(socket, std::move(*error), request.keep_alive());
    } else {
      co_await invoke(service, socket, request, *call);
    }
    open = request.keep_alive() && socket.is_open();
  }
}

}  // namespace orchestrator::test
