#include "serve/composition_server.hpp"
#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <catch2/catch.hpp>

#include <sys/fsuid.h>

#include <fstream>

using namespace orchestrator;
using namespace orchestrator::test;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

using Response = http::response<http::string_body>;
using Fields = std::vector<std::pair<http::field, std::string>>;

/// A folder with a composition, its server, and a browser's connection to it.
struct Visit {
  Visit() {
    std::filesystem::create_directory(folder / "deep");
    write("index.html", "<!doctype html>");
    write("big.bin", big);
    write("empty.css", "");
    write(".env", "secret");
    write("deep/index.html", "deep");
    server = std::move(*CompositionServer::start(context.get_executor()));
    url = server->serve(folder / "index.html");
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), server->port()));
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder / name, std::ios::binary) << text; }

  asio::awaitable<Response> exchange(http::request<http::string_body> request) {
    request.prepare_payload();
    co_await http::async_write(socket, request, asio::use_awaitable);
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} << 20);
    parser.skip(request.method() == http::verb::head);
    co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
    co_return parser.release();
  }
  Response ask(http::verb method, const std::string& target, const Fields& fields = {},
               const std::string& host = CompositionServer::host) {
    http::request<http::string_body> request(method, target, 11);
    request.set(http::field::host, host);
    for (const auto& [name, value] : fields) request.set(name, value);
    return await(context, exchange(std::move(request)));
  }
  Response get(const std::string& target, const Fields& fields = {}) { return ask(http::verb::get, target, fields); }

  TempDir folder;
  std::string big = std::string(300'000, 'a') + std::string("\0\xff end", 6);
  asio::io_context context;
  std::unique_ptr<CompositionServer> server;
  std::string url;
  tcp::socket socket{context};
  boost::beast::flat_buffer buffer;
};

}  // namespace

TEST_CASE("composition server: files come with their bytes and their type, over one connection", "[http]") {
  Visit visit;
  CHECK(visit.url == "http://composition.localhost/index.html");
  const Response page = visit.get("/");
  CHECK(page.result() == http::status::ok);
  CHECK(page.body() == "<!doctype html>");
  CHECK(page[http::field::content_type] == "text/html; charset=utf-8");
  CHECK(visit.get("/big.bin").body() == visit.big);
  CHECK(visit.get("/deep/").body() == "deep");
  const Response empty = visit.get("/empty.css");
  CHECK(empty.result() == http::status::ok);
  CHECK(empty.body().empty());
}

TEST_CASE("composition server: only under its own name", "[http]") {
  Visit visit;
  for (const char* host : {"evil.example", "127.0.0.1", "localhost", "", "composition.localhost.evil.example"}) {
    CAPTURE(host);
    CHECK(visit.ask(http::verb::get, "/", {}, host).result() == http::status::misdirected_request);
  }
  CHECK(visit.ask(http::verb::get, "/", {}, "composition.localhost:8080").result() == http::status::ok);
}

TEST_CASE("composition server: hidden files and paths that leave the folder do not exist", "[http]") {
  Visit visit;
  for (const char* target : {"/.env", "/nope.js", "/../index.html", "/%2e%2e/etc/passwd", "/deep/../.env", "/%00", "/%zz"}) {
    CAPTURE(target);
    CHECK(visit.get(target).result() == http::status::not_found);
  }
}

TEST_CASE("composition server: a file that is there but cannot be read is forbidden, and told with its path", "[http]") {
  Visit visit;
  visit.write("secret.js", "x");
  std::filesystem::permissions(visit.folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(visit.folder / "secret.js", std::filesystem::perms::none);
  CHECK(visit.get("/missing.js").result() == http::status::not_found);
  CHECK_FALSE(visit.server->failure().has_value());
  constexpr uid_t nobody = 65534;
  const int before = ::setfsuid(nobody);  // root may read everything
  const Response secret = visit.get("/secret.js");
  ::setfsuid(static_cast<uid_t>(before));
  CHECK(secret.result() == http::status::forbidden);
  REQUIRE(visit.server->failure().has_value());
  CHECK(visit.server->failure()->code == Errc::composition_not_found);
  CHECK(contains(visit.server->failure()->detail, (visit.folder / "secret.js").string() + ": Permission denied"));
  visit.server->serve(visit.folder / "index.html");
  CHECK_FALSE(visit.server->failure().has_value());
}

TEST_CASE("composition server: a file that fails when another composition is served is not that one's failure", "[http]") {
  Visit visit;
  const auto serve_next = [&visit](bool anything) {
    if (anything) visit.server->serve(visit.folder / "index.html");
    if (!anything) visit.server->serve_nothing();
  };
  for (const bool anything : {true, false}) {
    CAPTURE(anything);
    visit.server->serve(visit.folder / "old.html", [&](std::string) -> asio::awaitable<SourcedFile> {
      serve_next(anything);
      co_return SourcedFile{.unreadable = true};
    });
    CHECK(visit.get("/late.png").result() == http::status::forbidden);
    CHECK_FALSE(visit.server->failure().has_value());
  }
}

TEST_CASE("composition server: parts of a file, as media elements ask for them", "[http]") {
  Visit visit;
  const Response part = visit.get("/big.bin", {{http::field::range, "bytes=299999-300001"}});
  CHECK(part.result() == http::status::partial_content);
  CHECK(part.body() == std::string("a\0\xff", 3));
  CHECK(part[http::field::content_range] == "bytes 299999-300001/300006");
  CHECK(visit.get("/big.bin", {{http::field::range, "bytes=-4"}}).body() == " end");
  const Response whole = visit.get("/big.bin", {{http::field::range, "bytes=999999-"}});
  CHECK(whole.result() == http::status::ok);
  CHECK(whole[http::field::accept_ranges] == "bytes");
}

TEST_CASE("composition server: a part is never longer than its limit", "[http]") {
  Visit visit;
  visit.write("film.mp4", std::string(9'000'000, 'v'));
  const Response part = visit.get("/film.mp4", {{http::field::range, "bytes=0-"}});
  CHECK(part.result() == http::status::partial_content);
  CHECK(part.body().size() == std::size_t{8} << 20);
  CHECK(part[http::field::content_range] == "bytes 0-8388607/9000000");
}

TEST_CASE("composition server: HEAD says what GET would, without a body", "[http]") {
  Visit visit;
  const Response head = visit.ask(http::verb::head, "/big.bin");
  CHECK(head.result() == http::status::ok);
  CHECK(head[http::field::content_length] == "300006");
  const Response ranged = visit.ask(http::verb::head, "/big.bin", {{http::field::range, "bytes=0-3"}});
  CHECK(ranged.result() == http::status::ok);
  CHECK(ranged[http::field::content_length] == "300006");
  CHECK(visit.ask(http::verb::head, "/nope").result() == http::status::not_found);
  CHECK(visit.get("/deep/").body() == "deep");  // nothing of the answers before is left in the stream
}

TEST_CASE("composition server: nothing but reading", "[http]") {
  Visit visit;
  for (const auto method : {http::verb::post, http::verb::put, http::verb::delete_, http::verb::options}) {
    CHECK(visit.ask(method, "/").result() == http::status::method_not_allowed);
  }
}

TEST_CASE("composition server: what it does not understand ends the connection, not the server", "[http]") {
  Visit visit;
  const std::string nonsense = "\x16\x03\x01 not http\r\n\r\n";
  asio::write(visit.socket, asio::buffer(nonsense));
  boost::system::error_code ended;
  const auto read = [&]() -> asio::awaitable<std::size_t> {
    char byte = 0;
    co_return co_await visit.socket.async_read_some(asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, ended));
  };
  CHECK(await(visit.context, read()) == 0);
  CHECK(ended);
  visit.socket = tcp::socket(visit.context);
  visit.socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), visit.server->port()));
  visit.buffer.clear();
  CHECK(visit.get("/").result() == http::status::ok);
}

TEST_CASE("composition server: another composition takes over at once", "[http]") {
  Visit visit;
  CHECK(visit.server->serve(visit.folder / "deep" / "a b.html") == "http://composition.localhost/a%20b.html");
  CHECK(visit.get("/").body() == "deep");
  CHECK(visit.server->resolver_rule() == "MAP composition.localhost 127.0.0.1:" + std::to_string(visit.server->port()));
}
