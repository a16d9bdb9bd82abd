#include <orchestrator/executors/local_executor.hpp>

#include "async/loop_thread.hpp"
#include "async/posting_context.hpp"
#include "local/worker_pool.hpp"
#include "process/machine_size.hpp"
#include "session/heartbeat_timeout.hpp"

#include <boost/asio/this_coro.hpp>

namespace orchestrator {

namespace asio = boost::asio;

/// The workers, and the thread whose loop talks to them.
struct LocalExecutor::Machine {
  explicit Machine(LocalExecutorOptions chosen)
      : options(std::move(chosen)),
        slots(options.workers > 0 ? options.workers : default_workers(machine_size())),
        pool(thread.executor().context(), options, slots) {}

  ~Machine() { thread.end(end()); }

  asio::awaitable<void> end() {
    pool.end();
    co_return;
  }

  LocalExecutorOptions options;
  int slots;  // decided once: a plan made twice must come out the same
  LoopThread thread{};
  WorkerPool pool;
};

LocalExecutor::LocalExecutor(LocalExecutorOptions options) : machine_(std::make_unique<Machine>(std::move(options))) {}
LocalExecutor::~LocalExecutor() = default;

asio::awaitable<Result<void>> LocalExecutor::prepare() {
  co_return protocol::validate_heartbeat_timeout(machine_->options.heartbeat_timeout);
}

ExecutorCapabilities LocalExecutor::capabilities() const { return {.slots = machine_->slots, .warm_slots = true}; }

asio::awaitable<Result<ChunkResult>> LocalExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation gives an error, which names the worker, not an exception
  PostingContext posting(co_await asio::this_coro::executor, context);
  co_return co_await machine_->thread.run(machine_->pool.render(std::move(job), posting));
}

}  // namespace orchestrator
