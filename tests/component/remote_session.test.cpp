// A worker session whose worker shares no files with the host; the worker is played by the test.
#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/scripted_peer.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/worker/worker_session.hpp>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

class Silent final : public ChunkContext {
 public:
  void progress(std::int64_t, std::int64_t) override {}
  void log(LogLevel, std::string_view) override {}
};

// SHA-256 of "abc" (FIPS 180-4).
const FileDigest abc{3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};

struct Remote {
  Result<void> start(const Hello& hello) {
    peer.say(hello);
    return await(context, session.start());
  }
  Result<ChunkResult> run(const std::vector<Message>& said, std::string composition = "/c/page.html") {
    REQUIRE(start({.name = "n/1", .slots = 3}).has_value());
    for (const Message& message : said) peer.write(to_frame(message));
    return await(context,
                 session.run({.render = "r", .chunk = 4, .composition = std::move(composition), .output = file}, context_));
  }
  Error failure(const std::vector<Message>& said) {
    const auto result = run(said);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().worker == "node1");
    CHECK(names_in(dir.path()).empty());
    return result.error();
  }

  const TempDir dir;
  const std::filesystem::path file = dir / "chunk.mp4";
  asio::io_context context;
  ScriptedPeer peer;
  WorkerSession session{
      context.get_executor(),
      peer.take_input(),
      peer.take_output(),
      {.start_limit = 5s, .heartbeat_limit = 5s, .worker_limit = 7s, .cancel_limit = 5s, .remote = true, .worker_name = "node1"}};
  Silent context_{};
};

}  // namespace

TEST_CASE("remote session: the chunk file comes through the connection and gets its name when it is whole", "[protocol]") {
  Remote remote;
  const auto result =
      remote.run({Heartbeat{}, Done{{.file = "/tmp/theirs.mp4", .frames = 9}, abc}, Data{"a"}, Heartbeat{}, Data{"bc"}});
  REQUIRE(result.has_value());
  CHECK(result->file == remote.file);
  CHECK(result->worker == "node1");
  CHECK(read_file(remote.file) == "abc");
  CHECK(names_in(remote.dir.path()) == std::vector<std::string>{"chunk.mp4"});
  CHECK(remote.session.slots() == 3);
  CHECK(remote.session.usable());
}

TEST_CASE("remote session: the worker is told to ask for a local composition and to load another itself", "[protocol]") {
  for (const bool local : {true, false}) {
    Remote remote;
    REQUIRE(remote.run({Done{{.file = "x"}, abc}, Data{"abc"}}, local ? "/c/page.html" : "https://example.com/a").has_value());
    REQUIRE(remote.peer.next_type() == "hello");
    CHECK(std::get<Hello>(remote.peer.last()).heartbeat_limit == 7s);
    REQUIRE(remote.peer.next_type() == "job");
    const auto& job = std::get<Job>(remote.peer.last());
    CHECK(job.return_file);
    CHECK(job.files_from_host == local);
    CHECK(job.job.composition == (local ? "/c/page.html" : "https://example.com/a"));
    CHECK(job.job.render == "r");
  }
}

TEST_CASE("remote session: a worker that cannot render is refused with what it lacks", "[protocol]") {
  Remote remote;
  const auto started = remote.start({.missing = {"ffmpeg is not installed", "no Chromium"}});
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().code == Errc::executor_unavailable);
  CHECK(contains(started.error().detail, "ffmpeg is not installed; no Chromium"));
}

TEST_CASE("remote session: a chunk that does not arrive as it left is no chunk, and its worker is not trusted again",
          "[protocol]") {
  struct Row {
    const char* what;
    std::vector<Message> said;
    Errc code;
    const char* named;
  };
  const FileDigest negative{-5, abc.sha256};
  const std::vector<Row> rows{
      {"damaged", {Done{{.file = "x"}, abc}, Data{"abX"}}, Errc::chunk_invalid, "damaged on its way"},
      {"too long", {Done{{.file = "x"}, abc}, Data{"abcd"}}, Errc::protocol_error, "more bytes"},
      {"unannounced", {Data{"abc"}}, Errc::protocol_error, "no message announced"},
      {"no file", {Done{{.file = "x"}}}, Errc::protocol_error, "has no file"},
      {"twice", {Done{{.file = "x"}, abc}, Done{{.file = "x"}, abc}}, Errc::protocol_error, "has no file"},
      {"negative", {Done{{.file = "x"}, negative}}, Errc::protocol_error, "bytes"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Remote remote;
    const Error error = remote.failure(row.said);
    CHECK(error.code == row.code);
    CHECK(contains(error.detail, row.named));
    CHECK_FALSE(remote.session.usable());
  }
}

TEST_CASE("remote session: a file that is sent twice does not become the next job's chunk", "[protocol]") {
  Remote remote;
  const std::vector<Message> chunk{Done{{.file = "x", .frames = 9}, abc}, Data{"abc"}};
  REQUIRE(remote.run({chunk[0], chunk[1], chunk[0], chunk[1]}).has_value());
  const auto next =
      await(remote.context, remote.session.run({.composition = "/c/p.html", .output = remote.dir / "next.mp4"}, remote.context_));
  REQUIRE_FALSE(next.has_value());
  CHECK(next.error().code == Errc::protocol_error);
  CHECK(names_in(remote.dir.path()) == std::vector<std::string>{"chunk.mp4"});
}

TEST_CASE("remote session: a worker may still fail while its file is under way", "[protocol]") {
  Remote remote;
  const Error error =
      remote.failure({Done{{.file = "x"}, abc}, Data{"a"}, Failed{{.code = Errc::internal, .detail = "disk broke"}}});
  CHECK(error.code == Errc::internal);
  CHECK(remote.session.usable());
}

TEST_CASE("remote session: a connection cut in the middle of the file leaves no part of it", "[protocol]") {
  Remote remote;
  REQUIRE(remote.start({.name = "n/1"}).has_value());
  remote.peer.write(to_frame(Done{{.file = "x"}, abc}) + to_frame(Data{"a"}));
  remote.peer.hang_up();
  const auto result =
      await(remote.context, remote.session.run({.composition = "/c/p.html", .output = remote.file}, remote.context_));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::executor_unavailable);
  CHECK(result.error().stage == Stage::encode);
  CHECK(names_in(remote.dir.path()).empty());
}

TEST_CASE("remote session: a chunk that cannot be written at the host is told with its name", "[protocol]") {
  Remote remote;
  const auto run = [&] {
    REQUIRE(remote.start({.name = "n/1"}).has_value());
    remote.peer.write(to_frame(Done{{.file = "x"}, abc}));
    return await(remote.context,
                 remote.session.run({.composition = "/c/p.html", .output = "/nowhere/chunk.mp4"}, remote.context_));
  };
  const auto result = run();
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::output_unwritable);
  CHECK(contains(result.error().detail, "/nowhere/chunk.mp4"));
}
