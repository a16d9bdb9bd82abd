#include <orchestrator/worker/worker_pool.hpp>

#include "session/pool_workers.hpp"

#include <orchestrator/worker/loop_thread.hpp>

#include <boost/asio/awaitable.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

/// The workers, and the thread whose loop talks to them.
struct WorkerPool::Machine {
  explicit Machine(WorkerPoolOptions options) : workers(thread.executor(), std::move(options)) {}

  ~Machine() { thread.end(end()); }

  asio::awaitable<void> end() {
    workers.end();
    co_return;
  }

  LoopThread thread{};
  PoolWorkers workers;
};

WorkerPool::WorkerPool(WorkerPoolOptions options) : machine_(std::make_unique<Machine>(std::move(options))) {}
WorkerPool::~WorkerPool() = default;

asio::awaitable<Result<void>> WorkerPool::prepare() { return machine_->thread.run(machine_->workers.prepare()); }

ExecutorCapabilities WorkerPool::capabilities() const {
  return {.slots = machine_->workers.slots(), .warm_slots = true, .describes = true};
}

asio::awaitable<Result<ChunkResult>> WorkerPool::render_chunk(ChunkJob job, ChunkContext& context) {
  auto render = [&workers = machine_->workers, job = std::move(job)](ChunkContext& posting) {
    return workers.render(job, posting);
  };
  return machine_->thread.render_chunk(std::move(render), context);
}

asio::awaitable<Result<CompositionDescription>> WorkerPool::describe(DescribeJob job, ChunkContext& context) {
  auto describe = [&workers = machine_->workers, job = std::move(job)](ChunkContext& posting) {
    return workers.describe(job, posting);
  };
  return machine_->thread.describe(std::move(describe), context);
}

}  // namespace orchestrator
