#include "assemble/make_audio.hpp"
#include "support/await.hpp"
#include "support/containers.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/run_tool.hpp"
#include "support/sound.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// Takes every connection, sends `answer`, then hangs up or says nothing more.
class BadServer {
 public:
  BadServer(std::string answer, bool hangs_up) : answer_(std::move(answer)), hangs_up_(hangs_up) {
    asio::co_spawn(context_, listen(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~BadServer() {
    context_.stop();
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/sound.wav"; }

 private:
  asio::awaitable<void> listen() {
    for (;;) {
      tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
      asio::co_spawn(context_, answer(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> answer(tcp::socket socket) {
    std::string request;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", asio::use_awaitable);
    co_await asio::async_write(socket, asio::buffer(answer_), asio::use_awaitable);
    if (!hangs_up_) open_.push_back(std::move(socket));
  }

  std::string answer_;
  bool hangs_up_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  std::vector<tcp::socket> open_{};
  std::thread thread_{};
};

/// The whole of the answer's head, half of its body.
std::string half_a_sound() {
  const std::string file = wav_file(make_sound(20 * sound_rate, 1));
  return "HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: " + std::to_string(file.size()) + "\r\n\r\n" +
         file.substr(0, file.size() / 2);
}

Error error_of(const BadServer& server, std::chrono::milliseconds load_timeout) {
  const TempDir folder;
  const AudioOptions audio{.tracks = {{.source = server.url()}}};
  const auto begin = std::chrono::steady_clock::now();
  const auto made = await(make_audio(audio, {0, 600}, {30, 1}, load_timeout, mp4, folder.path()));
  CHECK(std::chrono::steady_clock::now() - begin < load_timeout + 10s);
  CHECK(std::filesystem::is_empty(folder.path()));
  REQUIRE(made.has_error());
  INFO(made.error().message());
  CHECK(made.error().code == Errc::audio_failed);
  CHECK(made.error().detail.find(server.url()) != std::string::npos);
  return made.error();
}

}  // namespace

TEST_CASE("audio server: one that never answers is given up after timeouts.load", "[audio][ffmpeg]") {
  const BadServer server("", false);
  CHECK(error_of(server, 700ms).detail.find("700 ms (timeouts.load)") != std::string::npos);
}

TEST_CASE("audio server: one that falls silent in the middle of a sound is given up after timeouts.load", "[audio][ffmpeg]") {
  const BadServer server(half_a_sound(), false);
  CHECK(error_of(server, 3s).detail.find("3000 ms (timeouts.load)") != std::string::npos);
}

TEST_CASE("audio server: half a sound is an error, not half a sound", "[audio][ffmpeg]") {
  const BadServer server(half_a_sound(), true);
  CHECK(error_of(server, 30s).detail.find("Input/output error") != std::string::npos);
}

TEST_CASE("audio server: a playlist, whose missing parts would be missing in the sound, is refused", "[audio][ffmpeg]") {
  const TempDir parts, work;
  run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=4", "-c:a", "aac", "-hls_time", "1", "-hls_list_size", "0",
            "file:" + (parts / "sound.m3u8").string()});
  std::filesystem::remove(parts / "sound2.ts");
  write_file(parts / "sound.ffconcat", "ffconcat version 1.0\nfile sound0.ts\nfile sound2.ts\nfile sound3.ts\n");
  for (const std::string name : {"sound.m3u8", "sound.ffconcat"}) {
    const AudioOptions audio{.tracks = {{.source = (parts / name).string()}}};
    const auto made = await(make_audio(audio, {0, 120}, {30, 1}, 10s, mp4, work.path()));
    REQUIRE(made.has_error());
    INFO(made.error().message());
    CHECK(made.error().code == Errc::audio_failed);
    CHECK(made.error().detail.find(name + " cannot be read: it is a playlist") != std::string::npos);
    CHECK(made.error().detail.find("give a file with the whole sound") != std::string::npos);
  }
}

TEST_CASE("audio server: the password of a URL is in no message", "[audio][ffmpeg]") {
  const BadServer missing("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", true);
  const BadServer broken(half_a_sound(), true);
  for (const BadServer* server : {&missing, &broken}) {
    const TempDir folder;
    const std::string with_password = "HTTP://me:secret@" + server->url().substr(std::string("http://").size());
    const AudioOptions audio{.tracks = {{.source = with_password}}};
    const auto made = await(make_audio(audio, {0, 600}, {30, 1}, 10s, mp4, folder.path()));
    REQUIRE(made.has_error());
    CHECK(made.error().detail.find(server->url()) != std::string::npos);
    INFO(made.error().detail + " // " + made.error().output_tail);
    CHECK((made.error().detail + made.error().output_tail).find("secret") == std::string::npos);
  }
}

namespace {

/// An https server with a certificate of an authority of its own, for `host`. It serves the files of its folder.
class SecureServer {
 public:
  explicit SecureServer(const std::string& host) {
    in_folder({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "2", "-keyout", "ca.key",
               "-out", "ca.pem"});
    in_folder({"openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout", "key", "-out", "csr"});
    write_file(folder_ / "names", "subjectAltName=" + host);
    in_folder({"openssl", "x509", "-req", "-in", "csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
               "-extfile", "names", "-out", "pem"});
    write_file(folder_ / "sound.wav", wav_file(make_sound(sound_rate, 1)));
    SpawnOptions server{
        .argv = {"python3", "-u", "-c", script}, .folder = folder_.path().string(), .output = {Stdio::Kind::pipe}};
    server_.emplace(*ChildProcess::spawn(context_.get_executor(), server));
    port_ = await(context_, first_line());
    port_.pop_back();
  }
  std::string url() const { return "https://127.0.0.1:" + port_ + "/sound.wav"; }
  std::string authority() const { return (folder_ / "ca.pem").string(); }

 private:
  void in_folder(std::vector<std::string> argv) {
    run_tool(SpawnOptions{.argv = std::move(argv), .folder = folder_.path().string()});
  }
  asio::awaitable<std::string> first_line() {
    std::string line;
    co_await asio::async_read_until(server_->output(), asio::dynamic_buffer(line), '\n', asio::use_awaitable);
    co_return line;
  }
  static constexpr const char* script =
      "import http.server, ssl\n"
      "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n"
      "secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
      "secure.load_cert_chain('pem', 'key')\n"
      "server.socket = secure.wrap_socket(server.socket, server_side=True)\n"
      "print(server.server_port)\n"
      "server.serve_forever()\n";

  TempDir folder_;
  asio::io_context context_{1};
  std::optional<ChildProcess> server_{};
  std::string port_{};
};

Result<std::optional<std::filesystem::path>> sound_of(const SecureServer& server, const TempDir& folder) {
  const AudioOptions audio{.tracks = {{.source = server.url()}}};
  return await(make_audio(audio, {0, 30}, {30, 1}, 10s, mp4, folder.path()));
}

}  // namespace

TEST_CASE("audio server: a server is believed if its certificate is its own and from an authority that is trusted",
          "[audio][ffmpeg]") {
  const TempDir folder;
  const SecureServer server("IP:127.0.0.1");
  {
    const Environment trusted("SSL_CERT_FILE", server.authority());
    const auto made = sound_of(server, folder);
    INFO((made ? "" : made.error().message()));
    CHECK(made.has_value());
  }
  const auto refused = sound_of(server, folder);
  REQUIRE(refused.has_error());
  INFO(refused.error().message());
  CHECK(refused.error().code == Errc::audio_failed);
  CHECK(refused.error().detail.find(server.url()) != std::string::npos);
  CHECK(refused.error().detail.find("ertificate") != std::string::npos);
  CHECK(refused.error().detail.find("SSL_CERT_FILE") != std::string::npos);
}

TEST_CASE("audio server: a certificate of another host is refused, whoever vouches for it", "[audio][ffmpeg]") {
  const TempDir folder;
  const SecureServer server("DNS:other.example");
  const Environment trusted("SSL_CERT_FILE", server.authority());
  const auto refused = sound_of(server, folder);
  REQUIRE(refused.has_error());
  CHECK(refused.error().detail.find("does not match hostname") != std::string::npos);
}
