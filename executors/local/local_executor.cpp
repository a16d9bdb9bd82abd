#include <orchestrator/executors/local_executor.hpp>

#include "async/render_chunk_on.hpp"
#include "local/worker_pool.hpp"
#include "process/machine_size.hpp"

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

asio::awaitable<Result<void>> LocalExecutor::prepare() { co_return check_times(machine_->options); }

ExecutorCapabilities LocalExecutor::capabilities() const { return {.slots = machine_->slots, .warm_slots = true}; }

asio::awaitable<Result<ChunkResult>> LocalExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  return render_chunk_on(machine_->thread, machine_->pool, std::move(job), context);
}

}  // namespace orchestrator
