#include "lambda/aws/http_client.hpp"
#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/dead_dns.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/in_time.hpp"
#include "support/run_tool.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Kind = HttpFailure::Kind;
using Then = HttpScript::Then;

namespace {

struct Client {
  asio::io_context context{1};
  HttpClient http{context.get_executor()};
  HttpResult<HttpResponse> send(HttpRequest request, HttpSendOptions options = {}) {
    return await(context, http.send(std::move(request), std::move(options)));
  }
  Kind failure(HttpRequest request, HttpSendOptions options = {}) {
    const auto result = send(std::move(request), std::move(options));
    REQUIRE_FALSE(result.has_value());
    CHECK_FALSE(result.error().detail.empty());
    return result.error().kind;
  }
};

HttpScript echo(const HttpCall& call) {
  return http_answer(200, std::string(call.method_string()) + " " + std::string(call.target()) + "\n" + call.body(),
                     "X-Test: " + std::string(call["x-test"]) + "\r\n");
}

}  // namespace

TEST_CASE("http client: method, path, query, headers and body arrive as they are", "[http]") {
  ScriptedHttp server(echo);
  Client client;
  const auto answer = client.send({.method = "POST",
                                   .origin = server.origin(),
                                   .path = "/a%2Fb/../c%20d",
                                   .query = "x=%2B&y=",
                                   .headers = {{"X-Test", "value"}, {"X-Empty", ""}},
                                   .body = std::string("\0body", 5)});
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->body == std::string("POST /a%2Fb/../c%20d?x=%2B&y=\n\0body", 35));
  CHECK(find_header(answer->headers, "x-test") == "value");
  const HttpCall call = server.calls().at(0);
  CHECK(call.count("X-Empty") == 1);
  CHECK(call.count("Expect") == 0);
}

TEST_CASE("http client: every status is a response, and a redirect is not followed", "[http]") {
  ScriptedHttp server([](const HttpCall&) { return http_answer(307, "elsewhere", "Location: http://127.0.0.1:1/\r\n"); });
  Client client;
  const auto answer = client.send({.origin = server.origin()});
  REQUIRE(answer.has_value());
  CHECK(answer->status == 307);
  CHECK(answer->body == "elsewhere");
}

TEST_CASE("http client: a body comes from a file, large ones after asking", "[http]") {
  ScriptedHttp server([](const HttpCall& call) { return http_answer(200, std::to_string(call.body().size())); });
  const TempDir folder;
  Client client;
  const auto put = [&](std::size_t bytes) {
    write_file(folder / "body", std::string(bytes, 'x'));
    const auto answer =
        client.send({.method = "PUT", .origin = server.origin(), .body_file = folder / "body"}, {.expect_continue = true});
    REQUIRE(answer.has_value());
    CHECK(answer->body == std::to_string(bytes));
  };
  put(0);
  put(1000);
  put(std::size_t{5} << 20);
  CHECK(server.calls().back()["Expect"] == "100-continue");
}

TEST_CASE("http client: HEAD, DELETE and an empty PUT", "[http]") {
  ScriptedHttp server([](const HttpCall& call) {
    if (call.method_string() == "HEAD") return HttpScript{.bytes = "HTTP/1.1 200 x\r\nContent-Length: 1234\r\n\r\n"};
    return http_answer(204);
  });
  Client client;
  const auto head = client.send({.method = "HEAD", .origin = server.origin()});
  REQUIRE(head.has_value());
  CHECK(find_header(head->headers, "Content-Length") == "1234");
  CHECK(client.send({.method = "DELETE", .origin = server.origin()})->status == 204);
  CHECK(client.send({.method = "PUT", .origin = server.origin()})->status == 204);
  CHECK(server.calls().back()["Content-Length"] == "0");
}

TEST_CASE("http client: the pieces of a body go to the caller as they come; an error's body does not", "[http]") {
  ScriptedHttp server(
      [](const HttpCall& call) { return http_answer(call.target() == "/good" ? 200 : 503, std::string(1 << 20, 'x')); });
  Client client;
  std::size_t taken = 0;
  const HttpSendOptions options{.on_body = [&taken](std::string_view bytes) {
    taken += bytes.size();
    return true;
  }};
  const auto good = client.send({.origin = server.origin(), .path = "/good"}, options);
  REQUIRE(good.has_value());
  CHECK(good->body.empty());
  CHECK(taken == 1 << 20);
  const auto bad = client.send({.origin = server.origin(), .path = "/bad"}, options);
  REQUIRE(bad.has_value());
  CHECK(bad->body.size() == 1 << 20);
  CHECK(taken == 1 << 20);
}

TEST_CASE("http client: a body that nobody wants ends the transfer", "[http]") {
  ScriptedHttp server([](const HttpCall&) { return http_answer(200, std::string(1 << 20, 'x')); });
  Client client;
  CHECK(client.failure({.origin = server.origin()}, {.max_body_bytes = 1000}) == Kind::too_large);
  CHECK(client.failure({.origin = server.origin()}, {.on_body = [](std::string_view) { return false; }}) == Kind::stopped);
}

TEST_CASE("http client: connections that break are told from those that never were", "[http]") {
  ScriptedHttp server([](const HttpCall& call) {
    if (call.target() == "/reset") return HttpScript{.bytes = "", .then = Then::reset};
    if (call.target() == "/close") return HttpScript{.bytes = "", .then = Then::close};
    if (call.target() == "/chunked") {
      return HttpScript{.bytes = "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", .then = Then::close};
    }
    return HttpScript{.bytes = "HTTP/1.1 200 x\r\nContent-Length: 10\r\n\r\nhalf", .then = Then::close};
  });
  Client client;
  for (const char* path : {"/reset", "/close", "/chunked", "/half"}) {
    INFO(path);
    CHECK(client.failure({.origin = server.origin(), .path = path}) == Kind::interrupted);
  }
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(closed_port());
  CHECK(client.failure({.origin = nowhere}) == Kind::unreachable);
  const auto unknown = client.send({.origin = "http://no-such-host.invalid"});
  CHECK(unknown.error().kind == Kind::unreachable);
  CHECK(contains(unknown.error().detail, "no-such-host.invalid"));
}

TEST_CASE("http client: silence ends a transfer", "[http]") {
  ScriptedHttp server([](const HttpCall&) { return HttpScript{.bytes = "HTTP/1.1 200 x\r\n", .then = Then::hang}; });
  Client client;
  CHECK(client.failure({.origin = server.origin()}, {.silence_timeout = 1s}) == Kind::silent);
  CHECK(client.failure({.origin = server.origin()}, {.total_timeout = 100ms}) == Kind::silent);
}

TEST_CASE("http client: what must not be sent is not sent", "[http]") {
  ScriptedHttp server(echo);
  Client client;
  CHECK(client.failure({.origin = "file:///etc/passwd", .path = ""}) == Kind::refused);
  CHECK(client.failure({.origin = server.origin(), .headers = {{"X", "a\r\nY: b"}}}) == Kind::refused);
  const auto missing = client.send({.method = "PUT", .origin = server.origin(), .body_file = "/no/such/file"});
  CHECK(missing.error().kind == Kind::refused);
  CHECK(contains(missing.error().detail, "/no/such/file"));
  CHECK(server.calls().empty());
}

TEST_CASE("http client: a server whose certificate nobody vouches for gets no request", "[http]") {
  if (find_program("openssl").empty()) {
    WARN("skipped: openssl is not installed");
    return;
  }
  const TempDir folder;
  const std::string key = folder / "key", certificate = folder / "certificate", port = std::to_string(closed_port());
  run_tool({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate});
  Client client;
  auto server = ChildProcess::spawn(
      client.context.get_executor(),
      {.argv = {"openssl", "s_server", "-accept", "127.0.0.1:" + port, "-cert", certificate, "-key", key, "-www", "-quiet"}});
  REQUIRE(server.has_value());
  Kind kind = Kind::unreachable;
  const auto is_up = [&] {
    kind = client.failure({.origin = "https://127.0.0.1:" + port});
    return kind != Kind::unreachable;
  };
  CHECK(in_time(is_up));
  CHECK(kind == Kind::untrusted);
}

TEST_CASE("http client: a server that does not speak TLS gets no request", "[http]") {
  ScriptedHttp server(echo);
  Client client;
  const std::string origin = "https://" + std::string(authority_of(server.origin()));
  CHECK(client.failure({.origin = origin}) == Kind::unreachable);
  CHECK(server.calls().empty());
}

TEST_CASE("http client: a cancelled request ends, and the next one works", "[http]") {
  ScriptedHttp server([](const HttpCall& call) {
    return call.target() == "/hang" ? HttpScript{.bytes = "", .then = Then::hang} : http_answer(200, "ok");
  });
  Client client;
  auto hanging = client.http.send({.origin = server.origin(), .path = "/hang"});
  CHECK(await_cancelled(client.context, std::move(hanging), 50ms).error().kind == Kind::cancelled);
  CHECK(client.send({.origin = server.origin()})->body == "ok");
  auto late = once_cancelled(client.http.send({.origin = server.origin(), .path = "/late"}));
  CHECK(await_cancelled(client.context, std::move(late), 1ms).error().kind == Kind::cancelled);
  for (const HttpCall& call : server.calls()) CHECK(call.target() != "/late");
}

TEST_CASE("http client: connections are used again", "[http]") {
  ScriptedHttp server(echo);
  Client client;
  for (int i = 0; i < 10; ++i) CHECK(client.send({.origin = server.origin()}).has_value());
  CHECK(server.connections() == 1);
}

TEST_CASE("http client: hundreds of requests are under way on one thread", "[http]") {
  constexpr int requests = 300;  // and as many sockets of the server's, with 1,024 descriptors to have
  ScriptedHttp server(echo);
  Client client;
  int done = 0;
  const auto one = [&](int number) -> asio::awaitable<void> {
    HttpRequest request{.origin = server.origin(), .path = "/" + std::to_string(number)};
    const auto answer = co_await client.http.send(std::move(request));
    if (answer && answer->body == "GET /" + std::to_string(number) + "\n") ++done;
  };
  for (int i = 0; i < requests; ++i) asio::co_spawn(client.context, one(i), asio::detached);
  client.context.run_for(60s);
  CHECK(done == requests);
  CHECK(server.connections() > 100);
}

TEST_CASE("http client: it may go while requests are under way, and so may the loop", "[http]") {
  ScriptedHttp server([](const HttpCall&) { return HttpScript{.bytes = "", .then = Then::hang}; });
  auto context = std::make_unique<asio::io_context>(1);
  auto http = std::make_unique<HttpClient>(context->get_executor());
  for (int i = 0; i < 3; ++i) asio::co_spawn(*context, http->send({.origin = server.origin()}), asio::detached);
  context->run_for(50ms);
  http.reset();
  context->run_for(10ms);
  context.reset();
  CHECK(server.calls().size() == 3);
}

TEST_CASE("http client: a name that is being looked up holds up no cancellation, no timeout, and not the client's end",
          "[http]") {
  DeadDns dns;
  {
    Client client;
    auto cancelled = client.http.send({.origin = "http://name.dead"});
    CHECK(await_cancelled(client.context, std::move(cancelled), 50ms).error().kind == Kind::cancelled);
    CHECK(in_time([&] { return dns.hanging() == 1; }));
    CHECK(client.failure({.origin = "http://name.dead"}, {.connect_timeout = 50ms}) == Kind::unreachable);
    CHECK(in_time([&] { return dns.hanging() == 2; }));
    asio::co_spawn(client.context, client.http.send({.origin = "http://name.dead"}), asio::detached);
    client.context.restart();
    client.context.run_for(50ms);
  }
  CHECK(in_time([&] { return dns.hanging() == 3; }));
}
