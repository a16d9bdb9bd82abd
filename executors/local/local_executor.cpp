#include <orchestrator/executors/local_executor.hpp>

#include "async/posting_context.hpp"
#include "async/run_on.hpp"
#include "local/worker_pool.hpp"
#include "process/machine_size.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <thread>

namespace orchestrator {

namespace asio = boost::asio;

/// The workers, and the thread whose loop talks to them: they outlive single renders, whose loops come and go.
struct LocalExecutor::Machine {
  explicit Machine(LocalExecutorOptions chosen)
      : options(std::move(chosen)),
        slots(options.workers > 0 ? options.workers : default_workers(machine_size())),
        pool(loop, options, slots),
        work(loop.get_executor()),
        thread([this] { loop.run(); }) {}

  ~Machine() {
    asio::post(loop, [this] {
      pool.end();
      work.reset();
    });
    thread.join();
  }

  LocalExecutorOptions options;
  int slots;  // decided once: a plan made twice must come out the same
  asio::io_context loop{1};
  WorkerPool pool;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::thread thread;
};

LocalExecutor::LocalExecutor(LocalExecutorOptions options) : machine_(std::make_unique<Machine>(std::move(options))) {}
LocalExecutor::~LocalExecutor() = default;

asio::awaitable<Result<void>> LocalExecutor::prepare() { co_return Result<void>{}; }

ExecutorCapabilities LocalExecutor::capabilities() const { return {.slots = machine_->slots, .warm_slots = true}; }

asio::awaitable<Result<ChunkResult>> LocalExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation gives an error, which names the worker, not an exception
  PostingContext posting(co_await asio::this_coro::executor, context);
  co_return co_await run_on(machine_->loop.get_executor(), machine_->pool.render(std::move(job), posting));
}

}  // namespace orchestrator
