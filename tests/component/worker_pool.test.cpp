#include <orchestrator/worker/worker_pool.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/notes.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

WorkerPoolOptions unknown_slots(const std::string& behaviour) {
  return {.command = {ORCHESTRATOR_SCRIPTED_WORKER, behaviour}, .session = {.heartbeat_limit = 2s}};
}

const ChunkJob one_chunk{.chunk = 1, .frames = {10, 40}, .output = "/tmp/c.mp4"};

/// The workers that render so many chunks which are all asked for at the same time.
std::multiset<std::string> workers_of(WorkerPool& pool, int chunks) {
  asio::io_context context;
  Notes notes;
  std::multiset<std::string> workers;
  for (int i = 0; i < chunks; ++i) {
    asio::co_spawn(context, pool.render_chunk(one_chunk, notes), [&](std::exception_ptr, Result<ChunkResult> result) {
      workers.insert(result ? result->worker : result.error().message());
    });
  }
  context.run_for(20s);
  return workers;
}

std::size_t different(const std::multiset<std::string>& names) {
  return std::set<std::string>(names.begin(), names.end()).size();
}

/// How many chunks are under way at the same time when so many are asked for whose workers never answer.
std::ptrdiff_t under_way(WorkerPool& pool, std::size_t chunks) {
  asio::io_context context;
  Notes notes;
  std::vector<asio::cancellation_signal> cancels(chunks);
  for (auto& cancel : cancels) {
    asio::co_spawn(context, without_throwing(pool.render_chunk(one_chunk, notes)),
                   asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  }
  const auto begun = [&] { return std::count(notes.text.begin(), notes.text.end(), '/'); };
  for (int wait = 0; wait < 1'000 && begun() < static_cast<std::ptrdiff_t>(chunks); ++wait) context.run_for(20ms);
  for (auto& cancel : cancels) cancel.emit(asio::cancellation_type::terminal);
  context.run_for(20s);
  return begun();
}

}  // namespace

TEST_CASE("worker pool: slots that are left open are as many as the first worker says", "[protocol]") {
  WorkerPool pool(unknown_slots("hangs-on-three-slots"));
  CHECK(pool.capabilities().slots == 1);
  REQUIRE(await(pool.prepare()).has_value());
  CHECK(pool.capabilities().slots == 3);
  CHECK(under_way(pool, 3) == 3);
}

TEST_CASE("worker pool: a time of its conversations that no clock can count is refused", "[protocol]") {
  const auto refused = [](const char* name, auto set) {
    WorkerPoolOptions options{.command = {ORCHESTRATOR_SCRIPTED_WORKER, "works"}};
    set(options.session);
    WorkerPool pool(std::move(options));
    const auto prepared = await(pool.prepare());
    REQUIRE_FALSE(prepared.has_value());
    CHECK(prepared.error().code == Errc::invalid_options);
    CHECK(contains(prepared.error().detail, std::string(name) + " is "));
  };
  for (const std::chrono::milliseconds time : {-1ms, std::chrono::milliseconds::max()}) {
    refused("start_limit", [time](auto& session) { session.start_limit = time; });
    refused("worker_limit", [time](auto& session) { session.worker_limit = time; });
    refused("cancel_limit", [time](auto& session) { session.cancel_limit = time; });
  }
}

TEST_CASE("worker pool: a worker that says nothing of slots has one", "[protocol]") {
  WorkerPool pool(unknown_slots("works"));
  REQUIRE(await(pool.prepare()).has_value());
  CHECK(pool.capabilities().slots == 1);
  CHECK(different(workers_of(pool, 3)) == 1);
}

TEST_CASE("worker pool: chunks that come before prepare() get their workers all the same", "[protocol]") {
  WorkerPool pool(unknown_slots("has-three-slots"));
  const auto workers = workers_of(pool, 5);
  CHECK(workers.size() == 5);
  CHECK(different(workers) <= 3);
  CHECK(workers.begin()->starts_with("scripted/"));
  CHECK(pool.capabilities().slots == 3);
}

TEST_CASE("worker pool: renders that prepare at the same time ask one worker", "[protocol]") {
  WorkerPool pool(unknown_slots("works"));
  asio::io_context context;
  int prepared = 0;
  for (int i = 0; i < 3; ++i) {
    asio::co_spawn(context, pool.prepare(), [&](std::exception_ptr, Result<void> result) { prepared += result ? 1 : 0; });
  }
  context.run_for(20s);
  CHECK(prepared == 3);
  CHECK(different(workers_of(pool, 3)) == 1);
}

TEST_CASE("worker pool: a command that starts no worker ends prepare(), with its name and its last words", "[protocol]") {
  WorkerPool pool({.command = {"/bin/sh", "-c", "echo no such container >&2"}});
  const auto prepared = await(pool.prepare());
  REQUIRE_FALSE(prepared.has_value());
  CHECK(prepared.error().code == Errc::executor_unavailable);
  CHECK(contains(prepared.error().message(), "the worker /bin/sh did not start"));
  CHECK(contains(prepared.error().message(), "no such container"));
}
