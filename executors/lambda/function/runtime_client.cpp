#include "lambda/function/runtime_client.hpp"

#include "base/base64.hpp"
#include "base/parse_number.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator::lambda {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr const char* root = "/2018-06-01/runtime/";
constexpr const char* error_type_field = "Lambda-Runtime-Function-Error-Type";
constexpr const char* error_body_field = "Lambda-Runtime-Function-Error-Body";
constexpr std::size_t longest_event = std::size_t{16} << 20;  // Lambda's own limit is 6 MB

Error broken(const char* step, const boost::system::error_code& reason) {
  return Error{.code = Errc::executor_unavailable,
               .detail = std::string("the Runtime API broke off while ") + step + ": " + reason.message(),
               .stage = Stage::start};
}

Error refused(const char* what, unsigned status, std::string_view body) {
  return Error{.code = Errc::executor_unavailable,
               .detail = std::string("the Runtime API refused ") + what + " with status " + std::to_string(status) + ": " +
                         std::string(body.substr(0, 200)),
               .stage = Stage::start};
}

using TextRequest = http::request<http::string_body>;
using TextResponse = http::response<http::string_body>;

asio::awaitable<boost::system::error_code> receive(tcp::socket& socket, TextResponse& response) {
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(longest_event);
  boost::system::error_code failed;
  co_await http::async_read(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
  if (!failed) response = parser.release();
  co_return failed;
}

std::string failure_json(const FunctionFailure& failure) {
  return boost::json::serialize(boost::json::object{{"errorType", failure.type}, {"errorMessage", failure.message}});
}

std::string text_of(const TextResponse& response, const char* name) { return std::string(response[name]); }

}  // namespace

asio::awaitable<Result<tcp::socket>> RuntimeClient::connect() {
  const auto colon = address_.rfind(':');
  tcp::resolver resolver(executor_);
  boost::system::error_code failed;
  const std::string host = address_.substr(0, colon);
  const std::string port = colon == std::string::npos ? "80" : address_.substr(colon + 1);
  const auto found = co_await resolver.async_resolve(host, port, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return broken("it was looked up", failed);
  tcp::socket socket(executor_);
  co_await asio::async_connect(socket, found, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return broken("connecting", failed);
  socket.set_option(tcp::no_delay(true), failed);  // lines are small, and each is to arrive at once
  co_return socket;
}

asio::awaitable<Result<RuntimeInvocation>> RuntimeClient::next() {
  auto socket = co_await connect();
  if (!socket) co_return socket.error();
  TextRequest request(http::verb::get, std::string(root) + "invocation/next", 11);
  request.set(http::field::host, address_);
  boost::system::error_code failed;
  co_await http::async_write(*socket, request, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return broken("asking for work", failed);
  TextResponse response;
  failed = co_await receive(*socket, response);
  if (failed) co_return broken("waiting for work", failed);
  if (response.result() != http::status::ok) co_return refused("to give work", response.result_int(), response.body());
  RuntimeInvocation invocation{.request_id = text_of(response, "Lambda-Runtime-Aws-Request-Id"),
                               .invocation_id = text_of(response, "Lambda-Runtime-Invocation-Id"),
                               .event = std::move(response.body())};
  const auto deadline = parse_number<std::int64_t>(text_of(response, "Lambda-Runtime-Deadline-Ms"));
  if (invocation.request_id.empty() || !deadline) co_return refused("to say which work", 200, "a header is missing");
  invocation.deadline = std::chrono::system_clock::time_point(std::chrono::milliseconds(*deadline));
  co_return invocation;
}

asio::awaitable<Result<ResponseStream>> RuntimeClient::respond(const RuntimeInvocation& invocation) {
  auto socket = co_await connect();
  if (!socket) co_return socket.error();
  http::request<http::empty_body> request(http::verb::post,
                                          std::string(root) + "invocation/" + invocation.request_id + "/response", 11);
  request.set(http::field::host, address_);
  request.set(http::field::content_type, "application/x-ndjson");
  request.set("Lambda-Runtime-Function-Response-Mode", "streaming");
  request.set(http::field::trailer, std::string(error_type_field) + ", " + error_body_field);
  if (!invocation.invocation_id.empty()) request.set("Lambda-Runtime-Invocation-Id", invocation.invocation_id);
  request.chunked(true);
  boost::system::error_code failed;
  http::request_serializer<http::empty_body> serializer(request);
  co_await http::async_write_header(*socket, serializer, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return broken("answering", failed);
  co_return ResponseStream(std::move(*socket));
}

asio::awaitable<Result<void>> RuntimeClient::report_init_error(FunctionFailure failure) {
  auto socket = co_await connect();
  if (!socket) co_return socket.error();
  TextRequest request(http::verb::post, std::string(root) + "init/error", 11);
  request.set(http::field::host, address_);
  request.set(http::field::content_type, "application/json");
  request.set(error_type_field, failure.type);
  request.body() = failure_json(failure);
  request.prepare_payload();
  boost::system::error_code failed;
  co_await http::async_write(*socket, request, asio::redirect_error(asio::use_awaitable, failed));
  if (failed) co_return broken("an error was reported", failed);
  TextResponse response;
  failed = co_await receive(*socket, response);
  if (failed) co_return broken("an error was reported", failed);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> ResponseStream::write(std::string_view bytes) {
  boost::system::error_code failed;
  const auto chunk = http::make_chunk(asio::buffer(bytes.data(), bytes.size()));
  co_await asio::async_write(socket_, chunk, asio::redirect_error(asio::use_awaitable, failed));
  if (!failed) co_return Result<void>{};
  // The Runtime API may have said why before it closed the connection.
  auto accepted = co_await await_acceptance();
  if (!accepted) co_return accepted.error();
  co_return broken("answering", failed);
}

asio::awaitable<Result<void>> ResponseStream::finish() {
  boost::system::error_code failed;
  const auto last = http::make_chunk_last();
  co_await asio::async_write(socket_, last, asio::redirect_error(asio::use_awaitable, failed));
  co_return co_await await_acceptance();
}

asio::awaitable<Result<void>> ResponseStream::fail(FunctionFailure failure) {
  http::fields trailers;
  trailers.set(error_type_field, failure.type);
  trailers.set(error_body_field, encode_base64(failure_json(failure)));
  boost::system::error_code failed;
  const auto last = http::make_chunk_last(trailers);
  co_await asio::async_write(socket_, last, asio::redirect_error(asio::use_awaitable, failed));
  co_return co_await await_acceptance();
}

asio::awaitable<Result<void>> ResponseStream::await_acceptance() {
  TextResponse response;
  const auto failed = co_await receive(socket_, response);
  if (failed) co_return broken("answering", failed);
  if (response.result() != http::status::accepted) {
    co_return refused("the answer", response.result_int(), response.body());
  }
  co_return Result<void>{};
}

}  // namespace orchestrator::lambda
