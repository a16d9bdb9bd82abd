#include <orchestrator/executors/local_executor.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/in_time.hpp"
#include "support/no_threads.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/detached.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

class ThreadNotes final : public ChunkContext {
 public:
  void progress(std::int64_t captured, std::int64_t) override {
    here = here && std::this_thread::get_id() == thread;
    last_captured = captured;
  }
  void log(LogLevel, std::string_view line) override { text += line; }
  std::thread::id thread{std::this_thread::get_id()};
  bool here{true};
  std::int64_t last_captured{0};
  std::string text{};
};

LocalExecutorOptions scripted(const std::string& behaviour) {
  return {.workers = 2, .worker_command = {ORCHESTRATOR_SCRIPTED_WORKER, behaviour}, .heartbeat_timeout = 2s};
}
LocalExecutorOptions shell_worker(const std::string& script) {
  return {.worker_command = {"/bin/sh", "-c", script}, .heartbeat_timeout = 2s};
}

const ChunkJob job{.chunk = 1, .frames = {10, 40}, .output = "/tmp/c.mp4"};

Error failure(LocalExecutorOptions options, Errc code) {
  LocalExecutor executor(std::move(options));
  ThreadNotes notes;
  const auto result = await(executor.render_chunk(job, notes));
  REQUIRE_FALSE(result.has_value());
  INFO(result.error().message());
  CHECK(result.error().code == code);
  return result.error();
}

/// What comes of so many chunks that are all asked for at the same time.
std::vector<Result<ChunkResult>> render_at_once(LocalExecutor& executor, int chunks) {
  asio::io_context context;
  ThreadNotes notes;
  std::vector<Result<ChunkResult>> results;
  for (int i = 0; i < chunks; ++i) {
    asio::co_spawn(context, executor.render_chunk(job, notes),
                   [&](std::exception_ptr, Result<ChunkResult> result) { results.push_back(std::move(result)); });
  }
  context.run_for(20s);
  REQUIRE(results.size() == static_cast<std::size_t>(chunks));
  return results;
}

std::set<std::string> names(const std::vector<Result<ChunkResult>>& results) {
  std::set<std::string> workers;
  for (const auto& result : results) {
    if (result) workers.insert(result->worker);
  }
  return workers;
}

pid_t pid_of(const std::string& worker) { return std::stoi(worker.substr(worker.find('/') + 1)); }
bool gone(pid_t pid) { return ::kill(pid, 0) != 0; }

}  // namespace

TEST_CASE("local executor: workers stay for the next chunk, and go with the executor", "[local]") {
  pid_t pid = 0;
  {
    LocalExecutor executor(scripted("works"));
    std::set<std::string> workers;
    for (int i = 0; i < 5; ++i) {
      ThreadNotes notes;
      const auto result = await(executor.render_chunk(job, notes));
      REQUIRE(result.has_value());
      CHECK(result->frames == 30);
      CHECK(notes.last_captured == 15);
      CHECK(notes.text == "page says hello");
      CHECK(notes.here);  // called on the render's thread
      workers.insert(result->worker);
    }
    REQUIRE(workers.size() == 1);
    pid = pid_of(*workers.begin());
    CHECK_FALSE(gone(pid));
  }
  CHECK(gone(pid));
}

TEST_CASE("local executor: a worker that died meanwhile is replaced", "[local]") {
  LocalExecutor executor(scripted("works"));
  ThreadNotes notes;
  const auto first = await(executor.render_chunk(job, notes));
  REQUIRE(first.has_value());
  ::kill(pid_of(first->worker), SIGKILL);
  REQUIRE(in_time([&] {
    std::ifstream stat("/proc/" + std::to_string(pid_of(first->worker)) + "/stat");
    std::string number, name, state;
    return !(stat >> number >> name >> state) || state == "Z";
  }));
  const auto second = await(executor.render_chunk(job, notes));
  REQUIRE(second.has_value());
  CHECK(second->worker != first->worker);
}

TEST_CASE("local executor: chunks at the same time have workers of their own", "[local]") {
  LocalExecutorOptions options = scripted("works");
  options.workers = 3;
  LocalExecutor executor(std::move(options));
  CHECK(names(render_at_once(executor, 3)).size() == 3);
}

TEST_CASE("local executor: renders that share it have its slots between them, and each chunk gets its turn", "[local]") {
  LocalExecutor executor(scripted("works"));  // two slots
  const auto results = render_at_once(executor, 12);
  CHECK(std::all_of(results.begin(), results.end(), [](const auto& result) { return result.has_value(); }));
  CHECK(names(results).size() == 2);
}

TEST_CASE("local executor: a chunk that waits for a free worker can be cancelled", "[local]") {
  LocalExecutorOptions options = scripted("hangs-in-job");
  options.workers = 1;
  LocalExecutor executor(std::move(options));
  asio::io_context context;
  ThreadNotes notes;
  asio::cancellation_signal first;
  asio::co_spawn(context, executor.render_chunk(job, notes), asio::bind_cancellation_slot(first.slot(), asio::detached));
  const auto waiting = await_cancelled(context, executor.render_chunk(job, notes), 300ms);
  REQUIRE_FALSE(waiting.has_value());
  CHECK(waiting.error().code == Errc::cancelled);
  CHECK(contains(waiting.error().detail, "before a worker was free"));
  first.emit(asio::cancellation_type::terminal);
  context.restart();
  context.run_for(20s);
}

TEST_CASE("local executor: a worker that is idle for long ends, and the next chunk gets a new one", "[local]") {
  LocalExecutorOptions options = scripted("works");
  options.idle_timeout = 50ms;
  LocalExecutor executor(std::move(options));
  ThreadNotes notes;
  const auto first = await(executor.render_chunk(job, notes));
  REQUIRE(first.has_value());
  CHECK(in_time([&] { return gone(pid_of(first->worker)); }));
  const auto second = await(executor.render_chunk(job, notes));
  REQUIRE(second.has_value());
  CHECK(second->worker != first->worker);
}

TEST_CASE("local executor: a worker that does not start is named, with what it said", "[local]") {
  const Error exits = failure(shell_worker("echo 'no licence found' >&2; exit 3"), Errc::executor_unavailable);
  CHECK(contains(exits.detail, "/bin/sh"));
  CHECK(exits.output_tail == "no licence found");
  const Error prints = failure(shell_worker("echo 'usage: orchestrator [options]'; sleep 60"), Errc::protocol_error);
  CHECK(contains(prints.detail, "/bin/sh"));
  CHECK(contains(prints.detail, "usage: orchestrator [options]"));
  const Error missing = failure({.worker_command = {"/no/such/orchestrator", "worker"}}, Errc::executor_unavailable);
  CHECK(contains(missing.detail, "/no/such/orchestrator"));
}

TEST_CASE("local executor: a worker that dies in the middle of a chunk is named, with what it said", "[local]") {
  const Error error = failure(scripted("dies-in-job"), Errc::executor_unavailable);
  CHECK(contains(error.worker, "scripted/"));
  CHECK(contains(error.detail, "worker process " + error.worker.substr(9)));
  CHECK(error.output_tail == "out of memory");
  CHECK(gone(pid_of(error.worker)));
}

TEST_CASE("local executor: a chunk's own error is passed on, and the worker stays", "[local]") {
  LocalExecutor executor(scripted("fails"));
  ThreadNotes notes;
  const auto first = await(executor.render_chunk(job, notes)), second = await(executor.render_chunk(job, notes));
  REQUIRE_FALSE(first.has_value());
  CHECK(first.error().code == Errc::page_error);
  CHECK(first.error().frame == 10);
  CHECK(second.error().worker == first.error().worker);
}

TEST_CASE("local executor: a worker that falls silent is taken for dead, and ended", "[local]") {
  LocalExecutorOptions options = scripted("falls-silent");
  options.heartbeat_timeout = 1s;
  const Error error = failure(std::move(options), Errc::executor_unavailable);
  CHECK(contains(error.detail, "1000 ms"));
  CHECK(gone(pid_of(error.worker)));
}

TEST_CASE("local executor: a heartbeat timeout that no worker can keep is refused, and none is started", "[local]") {
  const TempDir folder;
  for (const std::chrono::milliseconds timeout : {-1ms, 0ms, 3ms, 999ms, std::chrono::milliseconds::max()}) {
    LocalExecutorOptions options{.worker_command = {"/bin/sh", "-c", "echo > \"$0\"", (folder / "started").string()}};
    options.heartbeat_timeout = timeout;
    const Error error = failure(std::move(options), Errc::invalid_options);
    CHECK(contains(error.detail, "heartbeat_timeout is " + std::to_string(timeout.count()) + " ms"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "started"));
}

TEST_CASE("local executor: an idle timeout that no clock can count is refused", "[local]") {
  for (const std::chrono::milliseconds timeout : {-1ms, std::chrono::milliseconds::max()}) {
    LocalExecutorOptions options = scripted("works");
    options.idle_timeout = timeout;
    const Error error = failure(std::move(options), Errc::invalid_options);
    CHECK(contains(error.detail, "idle_timeout is " + std::to_string(timeout.count()) + " ms"));
  }
}

TEST_CASE("local executor: a cancelled chunk leaves a worker for the next one", "[local]") {
  LocalExecutor executor(scripted("hangs-in-job"));
  for (int i = 0; i < 2; ++i) {
    asio::io_context context;
    ThreadNotes notes;
    const auto start = std::chrono::steady_clock::now();
    const auto result = await_cancelled(context, executor.render_chunk(job, notes), 100ms);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::cancelled);
    CHECK(std::chrono::steady_clock::now() - start < 2s);  // no need to wait for the limit of 3 s
  }
}

TEST_CASE("local executor: a start that hangs can be cancelled, and nothing stays behind", "[local]") {
  const TempDir folder;
  const std::string note = (folder / "pid").string();
  LocalExecutor executor({.worker_command = {"/bin/sh", "-c", "echo $$ > \"$0\"; exec sleep 60", note}});
  asio::io_context context;
  ThreadNotes notes;
  const auto result = await_cancelled(context, executor.render_chunk(job, notes), 300ms);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::cancelled);
  pid_t pid = 0;
  std::ifstream(note) >> pid;
  REQUIRE(pid > 0);
  CHECK(gone(pid));
}

TEST_CASE("local executor: where the system gives no thread, chunks fail with the reason", "[local]") {
  std::optional<LocalExecutor> executor;
  {
    const NoThreads none;
    executor.emplace(scripted("works"));
  }
  ThreadNotes notes;
  const auto result = await(executor->render_chunk(job, notes));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::executor_unavailable);
  CHECK(contains(result.error().detail, "no thread could be started"));
}

TEST_CASE("local executor: its slots are what was asked for, else what the machine can do", "[local]") {
  CHECK(LocalExecutor({.workers = 3}).capabilities().slots == 3);
  CHECK(LocalExecutor().capabilities().slots >= 1);
  CHECK(LocalExecutor().capabilities().warm_slots);
}
