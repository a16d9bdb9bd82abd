#include <orchestrator/render_executor.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/no_threads.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <thread>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

using Body = std::function<Result<ChunkResult>(const ChunkJob&, ChunkContext&, std::stop_token)>;

class Blocking final : public BlockingExecutor {
 public:
  explicit Blocking(Body body) : body_(std::move(body)) {}
  ExecutorCapabilities capabilities() const override { return {}; }
  Result<ChunkResult> render_chunk_blocking(const ChunkJob& job, ChunkContext& context, std::stop_token stop) override {
    return body_(job, context, stop);
  }

 private:
  Body body_;
};

class CallNotes final : public ChunkContext {
 public:
  void progress(std::int64_t captured, std::int64_t) override {
    threads_agree = threads_agree && std::this_thread::get_id() == thread;
    captures.push_back(captured);
  }
  void log(LogLevel, std::string_view line) override { text += line; }
  std::thread::id thread{std::this_thread::get_id()};
  bool threads_agree{true};
  std::vector<std::int64_t> captures{};
  std::string text{};
};

Result<ChunkResult> run(Body body, ChunkContext& context, const ChunkJob& job = {}) {
  Blocking blocking(std::move(body));
  RenderExecutor& executor = blocking;
  return await(executor.render_chunk(job, context));
}

}  // namespace

TEST_CASE("blocking executor: the result comes back, from a thread of its own", "[schedule]") {
  CallNotes notes;
  std::thread::id worker;
  const auto result = run(
      [&](const ChunkJob& job, ChunkContext&, const std::stop_token&) {
        worker = std::this_thread::get_id();
        return Result<ChunkResult>(ChunkResult{.frames = job.frames.count()});
      },
      notes, {.frames = {5, 12}});
  REQUIRE(result.has_value());
  CHECK(result->frames == 7);
  CHECK(worker != std::this_thread::get_id());
}

TEST_CASE("blocking executor: an error comes back as it is", "[schedule]") {
  CallNotes notes;
  const auto result =
      run([](const ChunkJob&, ChunkContext&,
             const std::stop_token&) -> Result<ChunkResult> { return Error{.code = Errc::page_error, .detail = "boom"}; },
          notes);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().detail == "boom");
}

TEST_CASE("blocking executor: an exception comes out of the coroutine", "[schedule]") {
  CallNotes notes;
  const Body throwing = [](const ChunkJob&, ChunkContext&, const std::stop_token&) -> Result<ChunkResult> {
    throw std::runtime_error("thrown on another thread");
  };
  CHECK_THROWS_WITH(run(throwing, notes), "thrown on another thread");
}

TEST_CASE("blocking executor: progress arrives in order, all of it, on the render's thread", "[schedule]") {
  CallNotes notes;
  const auto result = run(
      [](const ChunkJob&, ChunkContext& context, const std::stop_token&) {
        for (int i = 0; i < 1000; ++i) context.progress(i, 0);
        std::string text = "temporary";
        context.log(LogLevel::info, text);
        text = "overwritten";
        return Result<ChunkResult>(ChunkResult{});
      },
      notes);
  REQUIRE(result.has_value());
  REQUIRE(notes.captures.size() == 1000);
  CHECK(std::is_sorted(notes.captures.begin(), notes.captures.end()));
  CHECK(notes.text == "temporary");
  CHECK(notes.threads_agree);
}

TEST_CASE("blocking executor: what a report throws on the render's strand is the executor's end", "[schedule]") {
  class Full final : public ChunkContext {
    void progress(std::int64_t, std::int64_t) override { throw std::runtime_error("the ledger is full"); }
    void log(LogLevel, std::string_view) override {}
  } full;
  const auto reports = [](const ChunkJob&, ChunkContext& context, const std::stop_token&) {
    context.progress(1, 1);
    context.progress(2, 2);
    return ChunkResult{};
  };
  CHECK_THROWS_WITH(run(reports, full), "the ledger is full");
}

TEST_CASE("blocking executor: a cancellation is a stop request, and the thread is waited for", "[schedule]") {
  boost::asio::io_context context;
  CallNotes notes;
  bool ended = false;
  Blocking blocking([&](const ChunkJob&, ChunkContext&, const std::stop_token& stop) -> Result<ChunkResult> {
    while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(20ms);
    ended = true;
    return Error{.code = Errc::cancelled, .detail = "stopped"};
  });
  RenderExecutor& executor = blocking;
  const auto result = await_cancelled(context, executor.render_chunk({}, notes), 30ms);
  CHECK(ended);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().detail == "stopped");
}

TEST_CASE("blocking executor: what was cancelled before it began is told so at once", "[schedule]") {
  boost::asio::io_context context;
  CallNotes notes;
  Blocking blocking([&](const ChunkJob&, ChunkContext&, const std::stop_token& stop) -> Result<ChunkResult> {
    for (int i = 0; i < 2000 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(1ms);
    return Error{.detail = stop.stop_requested() ? "stopped" : "not stopped"};
  });
  RenderExecutor& executor = blocking;
  const auto result = await_cancelled(context, once_cancelled(executor.render_chunk({}, notes)), 10ms);
  CHECK(result.error().detail == "stopped");
}

TEST_CASE("blocking executor: where the system gives no thread, the chunk fails with the reason", "[schedule]") {
  CallNotes notes;
  const NoThreads none;
  const auto result = run([](const ChunkJob&, ChunkContext&, const std::stop_token&) { return ChunkResult{}; }, notes);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::executor_unavailable);
  CHECK(result.error().detail.find("no thread could be started") == 0);
}
