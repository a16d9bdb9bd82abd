#include "base/percent_coding.hpp"
#include "serve/composition_server.hpp"
#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/source_clip.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

using Answer = http::response<http::string_body>;

/// A composition with a video, its server, and the connection of a browser.
struct Screening {
  Screening() {
    std::filesystem::create_directory(folder / "public");
    write_file(folder / "index.html", "<!doctype html>");
    clip = make_clip(folder / "public/a clip.mp4",
                     {"-frames:v", "60", "-c:v", "libx264", "-qp", "0", "-preset", "veryfast", "-g", "20"});
    server = std::move(*CompositionServer::start(context.get_executor()));
    server->serve(folder / "index.html");
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), server->port()));
  }

  asio::awaitable<Answer> exchange(http::request<http::empty_body> request) {
    co_await http::async_write(socket, request, asio::use_awaitable);
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{64} << 20);
    co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
    co_return parser.release();
  }
  Answer ask(http::verb method, const std::string& target, const std::string& host) {
    http::request<http::empty_body> request(method, target, 11);
    request.set(http::field::host, host);
    request.set(http::field::origin, "http://composition.localhost");
    return await(context, exchange(std::move(request)));
  }
  std::string own_host() const { return "localhost:" + std::to_string(server->port()); }
  Answer get(const std::string& source, const std::string& time, const std::string& transparent = "false") {
    return ask(http::verb::get,
               "/proxy?src=" + percent_encode(source) + "&time=" + time + "&transparent=" + transparent + "&toneMapped=true",
               own_host());
  }
  std::string error(const std::string& source, const std::string& time) {
    const Answer answer = get(source, time);
    CHECK(answer.result() == http::status::internal_server_error);
    CHECK(answer[http::field::content_type] == "application/json");
    CHECK(answer[http::field::access_control_allow_origin] == "http://composition.localhost");
    return std::string(boost::json::parse(answer.body()).at("error").as_string());
  }

  TempDir folder;
  SourceClip clip;
  asio::io_context context;
  std::unique_ptr<CompositionServer> server;
  tcp::socket socket{context};
  boost::beast::flat_buffer buffer;
  const std::string url = "http://composition.localhost/public/a%20clip.mp4";
};

}  // namespace

TEST_CASE("picture route: a page gets the picture of a time, and may read it", "[http][videos][ffmpeg]") {
  Screening screening;
  for (const std::size_t frame : {0U, 1U, 2U, 30U, 29U, 59U}) {
    const Answer answer = screening.get(screening.url, std::to_string(static_cast<double>(frame) / 30));
    CHECK(answer.result() == http::status::ok);
    CHECK((answer.body() == screening.clip.pictures[frame]));
    CHECK(answer[http::field::content_type] == "image/bmp");
    CHECK(answer[http::field::content_length] == std::to_string(answer.body().size()));
    CHECK(answer[http::field::cache_control] == "no-store");
    CHECK(answer[http::field::access_control_allow_origin] == "http://composition.localhost");
  }
  const Answer png = screening.get(screening.url + "?v=1", "0.5", "true");
  CHECK(png[http::field::content_type] == "image/png");
  CHECK(png.body().starts_with("\x89PNG"));
}

TEST_CASE("picture route: a browser's question whether it may ask is answered with yes", "[http][videos]") {
  Screening screening;
  const Answer answer = screening.ask(http::verb::options, "/proxy?src=x", screening.own_host());
  CHECK(answer.result() == http::status::ok);
  CHECK(answer["Access-Control-Allow-Private-Network"] == "true");
  CHECK(answer[http::field::access_control_allow_origin] == "http://composition.localhost");
  CHECK(answer[http::field::access_control_allow_methods] == "GET");
}

TEST_CASE("picture route: an error names source, time and reason", "[http][videos][ffmpeg]") {
  Screening screening;
  write_file(screening.folder / "text.mp4", "no video");
  const std::string own = "http://composition.localhost/";
  CHECK(contains(screening.error(own + "text.mp4", "1.25"), own + "text.mp4 at 1.25 s: it is no video that can be read: "));
  CHECK(screening.error(own + "none.mp4", "0") == own + "none.mp4 at 0 s: the composition has no such file");
  CHECK(screening.error(own + "public/a clip.mp4", "soon") == "the request's time is no number of seconds");
  CHECK(screening.get(screening.url, "0").result() == http::status::ok);
}

TEST_CASE("picture route: nothing is decoded but the composition's own files", "[http][videos]") {
  Screening screening;
  std::filesystem::copy_file(screening.clip.file, screening.folder / ".hidden.mp4");
  const TempDir elsewhere;
  std::filesystem::copy_file(screening.clip.file, elsewhere / "other.mp4");
  std::filesystem::create_symlink(elsewhere / "other.mp4", screening.folder / "link.mp4");
  for (const char* path : {".hidden.mp4", "link.mp4", "../other.mp4", "%2e%2e/other.mp4", "public"}) {
    CAPTURE(path);
    CHECK(contains(screening.error("http://composition.localhost/" + std::string(path), "0"), "has no such file"));
  }
  const std::string absolute = screening.clip.file.string();
  for (const std::string& source :
       {std::string("https://example.com/a.mp4"), "file://" + absolute, absolute, std::string("public/a clip.mp4"),
        std::string("http://composition.localhost.example/a.mp4"), std::string("concat:a")}) {
    CAPTURE(source);
    CHECK(contains(screening.error(source, "0"), source + " at 0 s: only files of the composition can be decoded"));
  }
}

TEST_CASE("picture route: this machine's name is for pictures only, and they are under no other", "[http][videos]") {
  Screening screening;
  const std::string target = "/proxy?src=" + percent_encode(screening.url) + "&time=0&transparent=false&toneMapped=true";
  const std::string port = std::to_string(screening.server->port());
  for (const std::string& host : {std::string("localhost"), std::string("localhost:1"), "127.0.0.1:" + port,
                                  "evil.example:" + port, "localhost.evil.example:" + port, std::string()}) {
    CAPTURE(host);
    CHECK(screening.ask(http::verb::get, target, host).result() == http::status::misdirected_request);
  }
  CHECK(screening.ask(http::verb::get, target, "composition.localhost").result() == http::status::not_found);
  CHECK(screening.ask(http::verb::options, target, "composition.localhost").result() == http::status::method_not_allowed);
  for (const char* other : {"/", "/index.html", "/proxy/", "/proxyx"}) {
    CHECK(screening.ask(http::verb::get, other, screening.own_host()).result() == http::status::misdirected_request);
  }
  CHECK(screening.ask(http::verb::post, target, screening.own_host()).result() == http::status::method_not_allowed);
  CHECK(screening.ask(http::verb::get, target, screening.own_host()).result() == http::status::ok);
}

TEST_CASE("picture route: the files of a composition that lies elsewhere are decoded, too, and none of what was served before",
          "[http][videos][ffmpeg]") {
  Screening screening;
  CHECK(screening.get(screening.url, "0").result() == http::status::ok);
  std::string asked_for;
  screening.server->serve("/of/another/machine.html", [&](std::string target) -> asio::awaitable<SourcedFile> {
    asked_for = target;
    SourcedFile file{.unreadable = target == "/secret.mp4"};
    if (target == "/film.mp4?v=2") file.path = screening.clip.file;
    co_return file;
  });
  const Answer answer = screening.get("http://composition.localhost/film.mp4?v=2", "1");
  CHECK(asked_for == "/film.mp4?v=2");
  CHECK((answer.body() == screening.clip.pictures[30]));
  CHECK(contains(screening.error(screening.url, "0"), "has no such file"));
  CHECK(contains(screening.error("http://composition.localhost/secret.mp4", "0"), "the file cannot be read"));
  screening.server->serve_nothing();
  CHECK(contains(screening.error("http://composition.localhost/film.mp4?v=2", "1"), "has no such file"));
}
