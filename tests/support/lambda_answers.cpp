#include "support/lambda_answers.hpp"

#include "support/lambda_event_stream.hpp"

#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

std::vector<std::pair<std::string, std::string>> invocation_headers(const LambdaInvocation& invocation) {
  return {{"x-amzn-RequestId", invocation.request_id}, {"X-Amz-Executed-Version", "$LATEST"}};
}

namespace {

LambdaReply function_failure(const LambdaInvocation& invocation, const LambdaFunctionError& failure) {
  LambdaReply reply{.headers = invocation_headers(invocation), .body = failure.body};
  reply.headers.emplace_back("X-Amz-Function-Error", "Unhandled");
  return reply;
}

void reset(tcp::socket& socket) {
  socket.set_option(asio::socket_base::linger(true, 0));  // close then sends RST (socket(7), SO_LINGER)
  socket.close();
}

asio::awaitable<void> send_event(tcp::socket& socket, std::string_view type, std::string_view content_type,
                                 std::string_view payload) {
  const std::string frame = event_stream_frame(type, content_type, payload);
  co_await asio::async_write(socket, http::make_chunk(asio::buffer(frame)), asio::use_awaitable);
}

/// How long a stream's next piece has to wait after this one, so that the stream keeps to its rate.
std::chrono::milliseconds pause_after(const LambdaLimits& limits, std::size_t total, std::size_t piece) {
  if (total <= limits.burst_bytes) return {};
  return std::chrono::milliseconds(1000 * piece / limits.bytes_per_second);
}

asio::awaitable<void> send_stream_header(tcp::socket& socket, const LambdaInvocation& invocation) {
  http::response<http::empty_body> header(http::status::ok, 11);
  header.set(http::field::content_type, "application/vnd.amazon.eventstream");
  for (const auto& [name, value] : invocation_headers(invocation)) header.set(name, value);
  header.chunked(true);
  http::response_serializer<http::empty_body> serializer(header);
  co_await http::async_write_header(socket, serializer, asio::use_awaitable);
}

std::string invoke_complete(const LambdaInvocation& invocation) {
  boost::json::object complete;
  if (const auto& failure = invocation.failure()) complete = {{"ErrorCode", failure->type}, {"ErrorDetails", failure->body}};
  return boost::json::serialize(complete);
}

}  // namespace

asio::awaitable<void> answer_whole(const LambdaService& service, tcp::socket& socket,
                                   std::shared_ptr<LambdaInvocation> invocation, bool keep_alive) {
  std::string body;
  for (;;) {
    const auto piece = co_await invocation->next();
    if (!piece) break;
    body += *piece;
    if (invocation->fault == LambdaFault::reset || invocation->fault == LambdaFault::truncate) co_return reset(socket);
  }
  LambdaReply reply{.headers = invocation_headers(*invocation)};
  if (invocation->failure()) {
    reply = function_failure(*invocation, *invocation->failure());
  } else if (body.size() > service.limits().buffered_response_bytes) {
    reply = function_failure(*invocation, lambda_error("Function.ResponseSizeTooLarge",
                                                       "Response payload size exceeded maximum "
                                                       "allowed payload size"));
  } else {
    reply.body = std::move(body);
  }
  co_await send_reply(socket, std::move(reply), keep_alive);
}

asio::awaitable<void> answer_stream(const LambdaService& service, tcp::socket& socket,
                                    std::shared_ptr<LambdaInvocation> invocation) {
  co_await send_stream_header(socket, *invocation);
  std::size_t total = 0;
  for (;;) {
    const auto piece = co_await invocation->next();
    if (!piece) break;
    co_await send_event(socket, "PayloadChunk", "application/octet-stream", *piece);
    if (invocation->fault == LambdaFault::reset) co_return reset(socket);
    if (invocation->fault == LambdaFault::truncate) break;
    total += piece->size();
    asio::steady_timer turn(socket.get_executor(), pause_after(service.limits(), total, piece->size()));
    co_await turn.async_wait(asio::use_awaitable);
  }
  if (invocation->fault != LambdaFault::truncate) {
    const std::string complete = invoke_complete(*invocation);
    co_await send_event(socket, "InvokeComplete", "application/json", complete);
  }
  co_await asio::async_write(socket, http::make_chunk_last(), asio::use_awaitable);
}

}  // namespace orchestrator::test
