#include "support/scripted_http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <mutex>

namespace orchestrator::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct ScriptedHttp::State {
  explicit State(std::function<HttpScript(const HttpCall&)> script)
      : answer(std::move(script)), acceptor(context, {asio::ip::address_v4::loopback(), 0}) {}
  std::function<HttpScript(const HttpCall&)> answer;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  mutable std::mutex mutex{};
  std::vector<HttpCall> calls{};
  int connections{0};

  asio::awaitable<void> send(tcp::socket& socket, std::string bytes) {
    co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
  }

  asio::awaitable<HttpCall> receive(tcp::socket& socket, boost::beast::flat_buffer& buffer) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} << 20);
    co_await http::async_read_header(socket, buffer, parser, asio::use_awaitable);
    if (parser.get()[http::field::expect] == "100-continue") co_await send(socket, "HTTP/1.1 100 Continue\r\n\r\n");
    if (!parser.is_done()) co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
    const std::lock_guard lock(mutex);
    calls.push_back(parser.get());
    co_return parser.release();
  }

  /// Ends when the client hangs up, by an exception that nobody handles.
  asio::awaitable<void> converse(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      const HttpCall call = co_await receive(socket, buffer);
      const HttpScript script = answer(call);
      co_await send(socket, script.bytes);
      if (script.then == HttpScript::Then::hang) {
        asio::steady_timer never(context, asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
      }
      if (script.then == HttpScript::Then::reset) socket.set_option(asio::socket_base::linger(true, 0));
      if (script.then != HttpScript::Then::keep) co_return;
    }
  }

  asio::awaitable<void> listen() {
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      {
        const std::lock_guard lock(mutex);
        ++connections;
      }
      asio::co_spawn(context, converse(std::move(socket)), asio::detached);
    }
  }
};

HttpScript http_answer(int status, const std::string& body, const std::string& headers) {
  return {.bytes = "HTTP/1.1 " + std::to_string(status) + " x\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body};
}

ScriptedHttp::ScriptedHttp(std::function<HttpScript(const HttpCall&)> answer)
    : state_(std::make_shared<State>(std::move(answer))) {
  asio::co_spawn(state_->context, state_->listen(), asio::detached);
  thread_ = std::thread([state = state_] { state->context.run(); });
}

ScriptedHttp::~ScriptedHttp() {
  state_->context.stop();
  thread_.join();
}

std::string ScriptedHttp::origin() const {
  return "http://127.0.0.1:" + std::to_string(state_->acceptor.local_endpoint().port());
}

std::vector<HttpCall> ScriptedHttp::calls() const {
  const std::lock_guard lock(state_->mutex);
  return state_->calls;
}

int ScriptedHttp::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->connections;
}

}  // namespace orchestrator::test
