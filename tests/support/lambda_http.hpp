#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <string>
#include <utility>
#include <vector>

namespace orchestrator::test {

struct LambdaReply {
  unsigned status{200};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
};

inline boost::asio::awaitable<void> send_reply(boost::asio::ip::tcp::socket& socket, LambdaReply reply, bool keep_alive) {
  namespace http = boost::beast::http;
  http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
  response.set(http::field::content_type, "application/json");
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.keep_alive(keep_alive);
  response.body() = std::move(reply.body);
  response.prepare_payload();
  co_await http::async_write(socket, response, boost::asio::use_awaitable);
}

}  // namespace orchestrator::test
