#include "support/http_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <random>
#include <set>

namespace orchestrator::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct HttpServer::State {
  explicit State(std::map<std::string, HttpAnswer> known)
      : answers(std::move(known)), acceptor(context, {asio::ip::address_v4::loopback(), 0}) {}
  std::map<std::string, HttpAnswer> answers;
  asio::io_context context{1};
  tcp::acceptor acceptor;

  HttpAnswer chosen_answer(const http::request<http::empty_body>& request) const {
    const auto known = answers.find(std::string(request.target()));
    return known == answers.end() ? HttpAnswer{.status = 404, .body = "not here"} : known->second;
  }

  static http::response<http::string_body> response_to(const http::request<http::empty_body>& request, const HttpAnswer& chosen) {
    http::response<http::string_body> response(static_cast<http::status>(chosen.status), request.version());
    response.set(http::field::content_type, chosen.type);
    if (!chosen.challenge.empty()) response.set(http::field::www_authenticate, chosen.challenge);
    response.keep_alive(request.keep_alive());
    response.body() = chosen.body;
    response.prepare_payload();
    return response;
  }

  asio::awaitable<void> sleep(std::chrono::milliseconds time) {
    asio::steady_timer timer(context, time);
    co_await timer.async_wait(asio::use_awaitable);
  }

  /// Ends when the client hangs up, by an exception that nobody handles.
  asio::awaitable<void> converse(tcp::socket socket) {
    socket.set_option(tcp::no_delay(true));  // otherwise each body waits 40 ms for the acknowledgement of its header
    boost::beast::flat_buffer buffer;
    for (bool open = true; open;) {
      http::request<http::empty_body> request;
      co_await http::async_read(socket, buffer, request, asio::use_awaitable);
      const HttpAnswer chosen = chosen_answer(request);
      auto response = response_to(request, chosen);
      co_await sleep(chosen.header_delay);
      http::response_serializer<http::string_body> serializer(response);
      co_await http::async_write_header(socket, serializer, asio::use_awaitable);
      co_await sleep(chosen.body_delay);
      co_await http::async_write(socket, serializer, asio::use_awaitable);
      open = response.keep_alive();
    }
  }

  asio::awaitable<void> listen() {
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      asio::co_spawn(context, converse(std::move(socket)), asio::detached);
    }
  }
};

HttpServer::HttpServer(std::map<std::string, HttpAnswer> answers) : state_(std::make_shared<State>(std::move(answers))) {
  asio::co_spawn(state_->context, state_->listen(), asio::detached);
  thread_ = std::thread([state = state_] { state->context.run(); });
}

HttpServer::~HttpServer() {
  state_->context.stop();
  thread_.join();
}

std::string HttpServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(state_->acceptor.local_endpoint().port()) + path;
}

/// The port is below those that connections get by themselves (ip(7), ip_local_port_range), and none is given twice, because what
/// listens there starts later.
unsigned short closed_port() {
  static std::set<unsigned short> given;
  static std::mt19937 random{std::random_device{}()};
  asio::io_context context;
  for (;;) {
    const auto port = std::uniform_int_distribution<unsigned short>(20'000, 32'000)(random);
    tcp::acceptor acceptor(context);
    acceptor.open(tcp::v4());
    boost::system::error_code taken;
    acceptor.bind({asio::ip::address_v4::loopback(), port}, taken);
    if (!taken && given.insert(port).second) return port;
  }
}

}  // namespace orchestrator::test
