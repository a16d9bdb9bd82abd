#include "support/lambda_caller.hpp"

#include "lambda/aws/sigv4.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

namespace orchestrator::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

constexpr std::string_view scheme = "http://";

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t number = 0;
  for (const char byte : bytes.substr(at, size)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// Calls `take(headers, payload)` for each frame.
template <class Function>
void each_frame(std::string_view stream, Function take) {
  while (stream.size() >= 16) {
    const std::size_t total = number_at(stream, 0, 4), headers = number_at(stream, 4, 4);
    take(stream.substr(12, headers), stream.substr(12 + headers, total - headers - 16));
    stream.remove_prefix(total);
  }
}

}  // namespace

LambdaAnswer LambdaCaller::post(const std::string& path, const std::string& body,
                                const std::vector<std::pair<std::string, std::string>>& headers) const {
  const std::string authority = endpoint_.substr(scheme.size());
  aws::HttpRequest request{.method = "POST", .origin = endpoint_, .path = path.substr(0, path.find('?')), .body = body};
  if (path.find('?') != std::string::npos) request.query = path.substr(path.find('?') + 1);
  request.headers.push_back({"host", authority});
  for (const auto& [name, value] : headers) request.headers.push_back({name, value});
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const aws::Credentials credentials{account_.access_key_id, account_.secret_access_key, account_.session_token};
  aws::sign_headers(request, credentials, aws::lambda_scope(account_.region, now), aws::sha256_of(body));

  http::request<http::string_body> message(http::verb::post, path, 11);
  for (const auto& header : request.headers) message.set(header.name, header.value);
  message.body() = body;
  message.prepare_payload();
  asio::io_context context;
  tcp::socket socket(context);
  asio::connect(socket, tcp::resolver(context).resolve("127.0.0.1", authority.substr(authority.find(':') + 1)));
  boost::system::error_code failed;
  http::write(socket, message, failed);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  http::read(socket, buffer, parser, failed);
  LambdaAnswer answer{.status = parser.get().result_int(), .headers = parser.get().base(), .body = parser.get().body()};
  answer.broken = failed.failed();
  return answer;
}

std::string stream_payload(const LambdaAnswer& answer) {
  std::string all;
  each_frame(answer.body, [&](std::string_view headers, std::string_view payload) {
    if (headers.find("PayloadChunk") != std::string_view::npos) all += payload;
  });
  return all;
}

std::string stream_end(const LambdaAnswer& answer) {
  std::string end;
  each_frame(answer.body, [&](std::string_view headers, std::string_view payload) {
    if (headers.find("InvokeComplete") != std::string_view::npos) end = payload;
  });
  return end;
}

}  // namespace orchestrator::test
