#include "support/lambda_environment.hpp"

#include "base/base64.hpp"
#include "support/lambda_http.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <regex>

namespace orchestrator::test {

/// The Runtime API as the Runtime Interface Emulator (RIE; AWS's own, in Go) implements it.

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

using Parser = http::request_parser<http::buffer_body>;
using EnvironmentPtr = std::shared_ptr<LambdaEnvironment>;

constexpr std::string_view root = "/2018-06-01/runtime/";
constexpr std::string_view error_type_header = "Lambda-Runtime-Function-Error-Type";
constexpr std::size_t response_slack = 100;  // RIE: the limit of a response is 6 MiB + 100 bytes

LambdaReply refusal(unsigned status, std::string_view type, std::string_view message) {
  return {.status = status,
          .body = R"({"errorType":")" + std::string(type) + R"(","errorMessage":")" + std::string(message) + "\"}"};
}

std::string text_of(const Parser& parser, std::string_view name) { return std::string(parser.get()[name]); }

/// The error type as the caller gets it: RIE replaces a type that does not have this form, and an empty one.
std::string known_error_type(const std::string& type) {
  static const std::regex form("(Runtime|Function)\\.[A-Z][a-zA-Z]+");
  if (std::regex_search(type, form)) return type;
  return type.starts_with("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}

std::string decoded(std::string_view base64) {
  const auto bytes = decode_base64(base64);
  if (!bytes) return {};
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

/// A request of the runtime, whose body is read in pieces.
struct RuntimeRequest {
  tcp::socket& socket;
  boost::beast::flat_buffer buffer{};
  Parser parser{};
  std::array<char, 64 << 10> piece{};

  /// The next piece; empty at the end. Throws if the connection breaks before.
  asio::awaitable<std::string_view> read_piece() {
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = piece.data();
      body.size = piece.size();
      boost::system::error_code failed;
      co_await http::async_read_some(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
      if (failed && failed != http::error::need_buffer) throw boost::system::system_error(failed);
      const std::size_t size = piece.size() - body.size;
      if (size > 0) co_return std::string_view(piece.data(), size);
    }
    co_return std::string_view();
  }

  asio::awaitable<std::string> read_all() {
    std::string all;
    for (;;) {
      const std::string_view next = co_await read_piece();
      if (next.empty()) co_return all;
      all += next;
    }
  }
};

LambdaReply deliver(const LambdaEnvironment& environment, const LambdaInvocation& invocation) {
  const auto deadline = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch() + environment.limits().timeout);
  return {.headers = {{"Lambda-Runtime-Aws-Request-Id", invocation.request_id},
                      {"Lambda-Runtime-Invocation-Id", invocation.invocation_id},
                      {"Lambda-Runtime-Deadline-Ms", std::to_string(deadline.count())},
                      {"Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000"},
                      {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:" + environment.account().region +
                                                                  ":000000000000:function:" + environment.function().name}},
          .body = invocation.event};
}

/// Why the runtime may not answer this request; nothing if it may.
std::optional<LambdaReply> find_refusal(const LambdaEnvironment& environment, const std::string& id, const Parser& parser) {
  const auto running = environment.running(id);
  const std::string echoed = text_of(parser, "Lambda-Runtime-Invocation-Id");
  if (running && (echoed.empty() || echoed == running->invocation_id)) return std::nullopt;
  if ((running || environment.had(id)) && !echoed.empty())
    return refusal(410, "ErrorRuntimeInvokeTimeout", "the invocation is over");
  if (environment.had(id)) return refusal(403, "InvalidStateTransition", "the invocation is over");
  return refusal(400, "InvalidRequestID", "no such invocation");
}

LambdaReply accepted() { return {.status = 202, .body = R"({"status":"OK"})"}; }

asio::awaitable<LambdaReply> take_stream(EnvironmentPtr environment, std::shared_ptr<LambdaInvocation> invocation,
                                         RuntimeRequest& request) {
  std::size_t total = 0;
  for (;;) {
    const std::string_view piece = co_await request.read_piece();
    if (invocation->ended()) co_return refusal(410, "ErrorRuntimeInvokeTimeout", "the invocation is over");
    if (piece.empty()) break;
    total += piece.size();
    if (total > environment->limits().stream_bytes) {
      environment->finish(lambda_error("Function.ResponseSizeTooLarge", "the stream is longer than the limit"));
      co_return refusal(413, "RequestEntityTooLarge", "the stream is longer than the limit");
    }
    std::string copy(piece);
    co_await invocation->add(std::move(copy));
    if (environment->suffer_fault()) co_return refusal(410, "ErrorRuntimeInvokeTimeout", "the invocation is over");
  }
  const std::string failed = text_of(request.parser, error_type_header);  // trailers have been read by now
  if (failed.empty()) {
    environment->finish();
  } else {
    environment->finish(
        LambdaFunctionError{known_error_type(failed), decoded(text_of(request.parser, "Lambda-Runtime-Function-Error-Body"))});
  }
  co_return accepted();
}

asio::awaitable<LambdaReply> take_whole(EnvironmentPtr environment, std::shared_ptr<LambdaInvocation> invocation,
                                        RuntimeRequest& request) {
  std::string body = co_await request.read_all();
  if (environment->suffer_fault()) co_return refusal(410, "ErrorRuntimeInvokeTimeout", "the invocation is over");
  const std::size_t limit = environment->limits().buffered_response_bytes + response_slack;
  if (body.size() > limit) {
    environment->finish(
        lambda_error("Function.ResponseSizeTooLarge",
                     "Response payload size exceeded maximum allowed payload size (" + std::to_string(limit) + " bytes)."));
    co_return refusal(413, "RequestEntityTooLarge", "the response is longer than the limit");
  }
  co_await invocation->add(std::move(body));
  environment->finish();
  co_return accepted();
}

asio::awaitable<LambdaReply> take_response(EnvironmentPtr environment, std::string id, RuntimeRequest& request) {
  if (auto refused = find_refusal(*environment, id, request.parser)) {
    co_await request.read_all();
    co_return std::move(*refused);
  }
  auto invocation = environment->running(id);
  const std::string mode = text_of(request.parser, "Lambda-Runtime-Function-Response-Mode");
  if (mode.empty()) co_return co_await take_whole(environment, invocation, request);
  if (mode != "streaming") co_return refusal(400, "InvalidFunctionResponseMode", "unknown response mode");
  std::exception_ptr broken;
  try {
    co_return co_await take_stream(environment, invocation, request);
  } catch (const boost::system::system_error&) {
    broken = std::current_exception();
  }
  // A process that dies breaks its connection, too. Within this pause its death is noticed, and reported as such.
  asio::steady_timer pause(request.socket.get_executor(), std::chrono::milliseconds(100));
  co_await pause.async_wait(asio::use_awaitable);
  if (environment->running(id)) environment->finish(lambda_error("Runtime.TruncatedResponse", "the response broke off"));
  std::rethrow_exception(broken);
}

asio::awaitable<LambdaReply> take_error(EnvironmentPtr environment, std::string id, RuntimeRequest& request) {
  std::string body = co_await request.read_all();
  if (auto refused = find_refusal(*environment, id, request.parser)) co_return std::move(*refused);
  environment->finish(LambdaFunctionError{known_error_type(text_of(request.parser, error_type_header)), std::move(body)});
  co_return accepted();
}

asio::awaitable<LambdaReply> answer(EnvironmentPtr environment, RuntimeRequest& request) {
  std::string target(request.parser.get().target());
  const bool post = request.parser.get().method() == http::verb::post;
  if (!target.starts_with(root)) co_return refusal(404, "NotFound", "unknown path");
  target.erase(0, root.size());
  if (target == "invocation/next" && !post) {
    const auto invocation = co_await environment->next();
    if (!invocation) throw boost::system::system_error(asio::error::operation_aborted);
    co_return deliver(*environment, *invocation);
  }
  if (target == "init/error" && post) {
    std::string body = co_await request.read_all();
    environment->fail_init(LambdaFunctionError{known_error_type(text_of(request.parser, error_type_header)), std::move(body)});
    co_return accepted();
  }
  static const std::regex form("invocation/([^/]+)/(response|error)");
  std::smatch parts;
  if (!post || !std::regex_match(target, parts, form)) co_return refusal(404, "NotFound", "unknown path");
  std::string id = parts[1];
  if (parts[2] == "error") co_return co_await take_error(environment, std::move(id), request);
  co_return co_await take_response(environment, std::move(id), request);
}

asio::awaitable<void> serve_connection(EnvironmentPtr environment, tcp::socket socket) {
  for (bool open = true; open;) {
    auto request = std::make_unique<RuntimeRequest>(socket);
    request->parser.body_limit(boost::none);
    co_await http::async_read_header(socket, request->buffer, request->parser, asio::use_awaitable);
    LambdaReply reply = co_await answer(environment, *request);
    open = request->parser.is_done() && request->parser.keep_alive();
    co_await send_reply(socket, std::move(reply), open);
  }
}

}  // namespace

asio::awaitable<void> serve_runtime_api(std::shared_ptr<LambdaEnvironment> environment) {
  while (environment->acceptor().is_open()) {
    tcp::socket socket = co_await environment->acceptor().async_accept(asio::use_awaitable);
    asio::co_spawn(environment->acceptor().get_executor(), serve_connection(environment, std::move(socket)), asio::detached);
  }
}

}  // namespace orchestrator::test
