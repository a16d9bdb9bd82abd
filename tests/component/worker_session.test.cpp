#include <orchestrator/worker/worker_session.hpp>

#include "process/descriptors.hpp"
#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/notes.hpp"
#include "support/scripted_peer.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>
#include <stdexcept>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct Conversation {
  explicit Conversation(SessionOptions options = {.start_limit = 5s, .heartbeat_limit = 5s, .cancel_limit = 5s})
      : session(context.get_executor(), peer.take_input(), peer.take_output(), options) {}

  Result<void> start() { return await(context, session.start()); }
  void greet() {
    peer.say(Hello{.software = "s", .name = "host/1"});
    REQUIRE(start().has_value());
    await(context, settle());
    REQUIRE(peer.next_type() == "hello");
  }
  Result<ChunkResult> run() { return await(context, session.run({.chunk = 4, .output = "c.mp4"}, notes)); }
  asio::awaitable<bool> settle() {
    co_await asio::post(context, asio::use_awaitable);
    co_return true;
  }

  asio::io_context context;
  ScriptedPeer peer;
  WorkerSession session;
  Notes notes;
};

Error failure(const Result<ChunkResult>& result, Errc code) {
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == code);
  return result.error();
}

/// Runs a job and cancels it once it is under way; `on_cancel` plays the worker.
template <class Function>
Result<ChunkResult> cancelled(Conversation& talk, asio::awaitable<Result<ChunkResult>> job, Function on_cancel) {
  asio::steady_timer watch(talk.context);
  const auto wait_for_cancel = [&]() -> asio::awaitable<void> {
    std::string type;
    while (type != "cancel") {
      watch.expires_after(2ms);
      co_await watch.async_wait(asio::use_awaitable);
      type = talk.peer.next_type();
    }
    on_cancel();
  };
  asio::co_spawn(talk.context, wait_for_cancel(), asio::detached);
  return await_cancelled(talk.context, std::move(job), 20ms);
}

template <class Function>
Result<ChunkResult> run_cancelled(Conversation& talk, Function on_cancel, const std::filesystem::path& output = "c") {
  return cancelled(talk, talk.session.run({.output = output}, talk.notes), on_cancel);
}

}  // namespace

TEST_CASE("worker session: hellos are exchanged, then jobs run one after the other", "[protocol]") {
  Conversation talk;
  talk.greet();
  CHECK(talk.session.usable());
  for (int i = 0; i < 3; ++i) {
    talk.notes.text.clear();
    talk.peer.say(ChunkProgress{3, 2, i});
    talk.peer.say(Heartbeat{});
    talk.peer.say(Log{LogLevel::info, "hi"});
    talk.peer.say(Done{.result = {.file = "c.mp4", .frames = 9}, .job = i});
    const auto result = talk.run();
    REQUIRE(result.has_value());
    CHECK(result->frames == 9);
    CHECK(result->worker == "host/1");
    CHECK(talk.notes.text == "3/2 hi ");
    CHECK(talk.peer.next_type() == "job");
    CHECK(std::get<Job>(talk.peer.last()).job.chunk == 4);
    CHECK(std::get<Job>(talk.peer.last()).id == i);
  }
  CHECK(talk.session.usable());
}

TEST_CASE("worker session: a composition is described in a job of its own", "[protocol]") {
  Conversation talk;
  talk.greet();
  Described answer{.description = {.contract = "renderFrame"}, .job = 0};
  answer.description.compositions.push_back({.width = 640, .frames = 9});
  talk.peer.say(Log{LogLevel::info, "hi"});
  talk.peer.say(answer);
  const auto described = await(talk.context, talk.session.describe({.composition = "/scene.html"}, talk.notes));
  REQUIRE(described.has_value());
  CHECK(*described == answer.description);
  CHECK(talk.notes.text == "hi ");
  CHECK(talk.peer.next_type() == "describe");
  CHECK(std::get<Describe>(talk.peer.last()).job.composition == "/scene.html");
  talk.peer.say(Done{.result = {.file = "c.mp4", .frames = 9}, .job = 1});
  CHECK(talk.run().has_value());
}

TEST_CASE("worker session: what was not asked for is no answer", "[protocol]") {
  Conversation talk;
  talk.greet();
  const bool is_chunk = GENERATE(true, false);
  if (is_chunk) {
    talk.peer.say(Described{});
    CHECK(contains(failure(talk.run(), Errc::protocol_error).detail, "something else than it was asked"));
  } else {
    talk.peer.say(Done{.result = {.frames = 9}});
    const auto described = await(talk.context, talk.session.describe({.composition = "/scene.html"}, talk.notes));
    REQUIRE_FALSE(described.has_value());
    CHECK(described.error().code == Errc::protocol_error);
  }
  CHECK_FALSE(talk.session.usable());
}

TEST_CASE("worker session: a worker that cannot be talked to is refused at the start", "[protocol]") {
  struct Row {
    const char* what;
    std::function<void(ScriptedPeer&)> speak;
    Errc code;
    std::string named;
  };
  const std::vector<Row> rows{
      {"silent", [](auto&) {}, Errc::executor_unavailable, "nothing was heard"},
      {"gone", [](auto& peer) { peer.hang_up(); }, Errc::executor_unavailable, "ended"},
      {"printing", [](auto& peer) { peer.write("Welcome to the cluster\n"); }, Errc::protocol_error, "Welcome"},
      {"older", [](auto& peer) { peer.say(Hello{.protocol = 0}); }, Errc::executor_unavailable, "protocol version 0"},
      {"newer", [](auto& peer) { peer.say(Hello{.protocol = version + 1}); }, Errc::executor_unavailable,
       "protocol version " + std::to_string(version + 1)},
      {"rude", [](auto& peer) { peer.say(Heartbeat{}); }, Errc::protocol_error, "hello"},
  };
  for (const Row& row : rows) {
    Conversation talk({.start_limit = 50ms});
    row.speak(talk.peer);
    const auto started = talk.start();
    CAPTURE(row.what);
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().code == row.code);
    CHECK(contains(started.error().detail, row.named));
    CHECK_FALSE(talk.session.usable());
  }
}

TEST_CASE("worker session: a chunk's error comes with the worker's name, and the worker stays usable", "[protocol]") {
  Conversation talk;
  talk.greet();
  talk.peer.say(Failed{{.code = Errc::page_error, .detail = "boom", .stage = Stage::capture, .frame = 12}});
  const Error error = failure(talk.run(), Errc::page_error);
  CHECK(error.detail == "boom");
  CHECK(error.frame == 12);
  CHECK(error.worker == "host/1");
  CHECK(talk.session.usable());
}

TEST_CASE("worker session: a worker that dies, falls silent or talks nonsense is not used again", "[protocol]") {
  Conversation dead, silent({.heartbeat_limit = 50ms}), confused;
  dead.greet();
  dead.peer.hang_up();
  CHECK(failure(dead.run(), Errc::executor_unavailable).worker == "host/1");
  CHECK_FALSE(dead.session.usable());
  silent.greet();
  CHECK(contains(failure(silent.run(), Errc::executor_unavailable).detail, "50 ms"));
  CHECK_FALSE(silent.session.usable());
  confused.greet();
  confused.peer.say(Hello{});
  CHECK(contains(failure(confused.run(), Errc::protocol_error).detail, "'hello'"));
  CHECK_FALSE(confused.session.usable());
}

TEST_CASE("worker session: a result for another chunk's file is no result of this one", "[protocol]") {
  Conversation talk;
  talk.greet();
  talk.peer.say(Done{{.file = "b.mp4", .frames = 9}});
  CHECK(failure(talk.run(), Errc::protocol_error).detail == "the worker's result is b.mp4, but c.mp4 was asked for");
  CHECK_FALSE(talk.session.usable());
}

TEST_CASE("worker session: what is said of another job is neither an answer to this one nor its progress", "[protocol]") {
  const std::vector<Message> late{ChunkProgress{3, 2}, Failed{{.code = Errc::page_error}}, Done{{.file = "c.mp4", .frames = 9}}};
  for (const Message& message : late) {
    Conversation talk;
    talk.greet();
    talk.peer.say(Done{{.file = "c.mp4", .frames = 9}});
    REQUIRE(talk.run().has_value());
    talk.peer.say(message);
    CHECK(contains(failure(talk.run(), Errc::protocol_error).detail, "of job 0, but it has job 1"));
    CHECK(talk.notes.text.empty());
    CHECK_FALSE(talk.session.usable());
  }
}

TEST_CASE("worker session: a worker that was ended by a signal is lost, not cancelled", "[protocol]") {
  Conversation talk;
  talk.greet();
  talk.peer.say(Failed{{.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture}});
  CHECK(failure(talk.run(), Errc::executor_unavailable).detail.find("ended by a signal") != std::string::npos);
  CHECK_FALSE(talk.session.usable());
}

TEST_CASE("worker session: a cancel that the worker confirms leaves it usable", "[protocol]") {
  Conversation talk;
  talk.greet();
  const auto result = run_cancelled(talk, [&] {
    talk.peer.say(ChunkProgress{1, 1});
    talk.peer.say(Failed{{.code = Errc::cancelled}});
  });
  failure(result, Errc::cancelled);
  CHECK(talk.session.usable());
}

TEST_CASE("worker session: a result that crosses the cancel is not a result any more", "[protocol]") {
  Conversation talk;
  talk.greet();
  failure(run_cancelled(talk, [&] { talk.peer.say(Done{{.file = "c", .frames = 1}}); }), Errc::cancelled);
  CHECK(talk.session.usable());
  failure(run_cancelled(talk, [&] { talk.peer.say(Failed{{.code = Errc::page_error}, 1}); }), Errc::cancelled);
  CHECK(talk.session.usable());
}

TEST_CASE("worker session: a chunk whose result crossed the cancel leaves no file", "[protocol]") {
  const TempDir folder;
  const std::filesystem::path file = folder / "c.mp4";
  Conversation talk;
  talk.greet();
  const auto answer = [&] {
    write_file(file, "a chunk");
    talk.peer.say(Done{{.file = file, .frames = 1}});
  };
  failure(run_cancelled(talk, answer, file), Errc::cancelled);
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("worker session: a coroutine as Asio makes it gets a cancellation as an error, too, and its worker is told",
          "[protocol]") {
  Conversation talk;
  talk.greet();
  const ChunkJob job{.output = "c"};
  const auto run = [&]() -> asio::awaitable<Result<ChunkResult>> {
    co_await asio::this_coro::throw_if_cancelled(true);
    co_return co_await talk.session.run(job, talk.notes);
  };
  const auto result = cancelled(talk, run(), [&] { talk.peer.say(Failed{{.code = Errc::cancelled}}); });
  failure(result, Errc::cancelled);
  CHECK(talk.session.usable());
}

TEST_CASE("worker session: a worker whose job was left by an exception is not used again", "[protocol]") {
  struct Throwing final : ChunkContext {
    void progress(std::int64_t, std::int64_t) override { throw std::runtime_error("no more"); }
    void log(LogLevel, std::string_view) override {}
  } throwing;
  Conversation talk;
  talk.greet();
  talk.peer.say(ChunkProgress{1, 1});
  CHECK_THROWS_WITH(await(talk.context, talk.session.run({.output = "c"}, throwing)), "no more");
  CHECK_FALSE(talk.session.usable());
}

TEST_CASE("worker session: a worker that was hung up on is not used again", "[protocol]") {
  Conversation talk;
  talk.greet();
  talk.session.hang_up();
  CHECK_FALSE(talk.session.usable());
}

TEST_CASE("worker session: a worker behind pipes that dies is an error, and no signal", "[protocol]") {
  auto to_host = make_pipe(), to_worker = make_pipe();
  REQUIRE(to_host.has_value());
  REQUIRE(to_worker.has_value());
  asio::io_context context;
  WorkerSession session(context.get_executor(), std::move(to_host->read), std::move(to_worker->write), {.start_limit = 5s});
  const std::string hello = to_frame(Hello{.name = "host/1"});
  REQUIRE(::write(to_host->write.get(), hello.data(), hello.size()) == static_cast<ssize_t>(hello.size()));
  to_host->write = {};
  to_worker->read = {};
  REQUIRE(await(context, session.start()).has_value());
  Notes notes;
  CHECK(failure(await(context, session.run({.output = "c"}, notes)), Errc::executor_unavailable).worker == "host/1");
}

TEST_CASE("worker session: a cancel that nobody confirms costs the worker its trust", "[protocol]") {
  Conversation talk({.cancel_limit = 50ms});
  talk.greet();
  failure(run_cancelled(talk, [] {}), Errc::cancelled);
  CHECK_FALSE(talk.session.usable());
}

TEST_CASE("worker session: a worker that only beats its heart after a cancel is not waited for", "[protocol]") {
  Conversation talk({.cancel_limit = 100ms});
  talk.greet();
  asio::steady_timer heart(talk.context);
  const auto beat = [&]() -> asio::awaitable<void> {
    for (;;) {
      talk.peer.say(Heartbeat{});
      heart.expires_after(20ms);
      co_await heart.async_wait(asio::use_awaitable);
    }
  };
  asio::co_spawn(talk.context, beat(), asio::detached);
  const auto start = std::chrono::steady_clock::now();
  failure(await_cancelled(talk.context, talk.session.run({}, talk.notes), 20ms), Errc::cancelled);
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  CHECK_FALSE(talk.session.usable());
}
