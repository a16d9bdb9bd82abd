#include <orchestrator/executors/local_executor.hpp>

#include "async/posting_context.hpp"
#include "async/run_on.hpp"
#include "process/machine_size.hpp"
#include "session/worker_process.hpp"
#include "session/worker_program.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <thread>

namespace orchestrator {

namespace asio = boost::asio;

using protocol::WorkerProcess;

namespace {

// Time for a worker to end its browser and remove its profile (measured: 0.1 ... 0.3 s). Then its process group gets SIGKILL.
constexpr std::chrono::milliseconds worker_exit_limit{2'500};

// Time for a worker to end after its connection has ended. A worker that hangs does not, and is killed.
constexpr std::chrono::milliseconds death_limit{200};

asio::awaitable<void> end_worker(std::unique_ptr<WorkerProcess> worker) {
  worker->session.hang_up();
  co_await worker->process.wait_or_kill(worker_exit_limit);
}

}  // namespace

/// The workers, and the thread whose loop talks to them: they outlive single renders, whose loops come and go.
struct LocalExecutor::Pool {
  explicit Pool(LocalExecutorOptions chosen)
      : options(std::move(chosen)),
        slots(options.workers > 0 ? options.workers : default_workers(machine_size())),
        work(loop.get_executor()),
        thread([this] { loop.run(); }) {}

  ~Pool() {
    asio::post(loop, [this] {
      for (auto& worker : idle) asio::co_spawn(loop, end_worker(std::move(worker)), asio::detached);
      idle.clear();
      work.reset();
    });
    thread.join();
  }

  asio::awaitable<Result<std::unique_ptr<WorkerProcess>>> take_worker() {
    while (!idle.empty()) {
      auto worker = std::move(idle.back());
      idle.pop_back();
      if (worker->process.running()) co_return worker;
    }
    if (!options.worker_command.empty()) co_return co_await start_worker(options.worker_command);
    const auto program = protocol::find_worker_program();
    if (!program) co_return program.error();
    std::vector<std::string> command{*program, "worker"};
    co_return co_await start_worker(std::move(command));
  }

  asio::awaitable<Result<std::unique_ptr<WorkerProcess>>> start_worker(std::vector<std::string> command) {
    const std::string program = command.front();
    // `false`: the worker outlives this process for a moment, to clean up.
    auto worker =
        WorkerProcess::spawn(loop.get_executor(), std::move(command), false, {.heartbeat_limit = options.heartbeat_timeout});
    if (!worker) co_return worker.error();
    auto started = co_await (*worker)->session.start();
    if (started) co_return worker;
    co_await (*worker)->process.stop(std::chrono::milliseconds(0));  // its last words have been read when it returns
    Error error = started.error();
    error.detail = "the worker " + program + " did not start: " + error.detail;
    error.output_tail = (*worker)->process.error_tail();
    co_return error;
  }

  asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context) {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto worker = co_await take_worker();
    if (!worker) co_return worker.error();
    auto result = co_await (*worker)->session.run(job, context);
    if ((*worker)->session.usable()) {
      idle.push_back(std::move(*worker));
      co_return result;
    }
    co_await (*worker)->process.wait_or_kill(death_limit);
    if (result || result.error().code != Errc::executor_unavailable) co_return result;
    Error error = result.error();
    const auto status = co_await (*worker)->process.wait();
    error.detail = "the worker process " + std::to_string((*worker)->process.pid()) + " is gone: " + error.detail +
                   (status ? ", " + to_string(*status) : std::string());
    error.output_tail = (*worker)->process.error_tail();
    co_return error;
  }

  LocalExecutorOptions options;
  int slots;  // decided once: a plan made twice must come out the same
  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::vector<std::unique_ptr<WorkerProcess>> idle{};
  std::thread thread;
};

LocalExecutor::LocalExecutor(LocalExecutorOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}
LocalExecutor::~LocalExecutor() = default;

ExecutorCapabilities LocalExecutor::capabilities() const { return {.slots = pool_->slots, .warm_slots = true}; }

asio::awaitable<Result<ChunkResult>> LocalExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation gives an error, which names the worker, not an exception
  PostingContext posting(co_await asio::this_coro::executor, context);
  co_return co_await run_on(pool_->loop.get_executor(), pool_->render(std::move(job), posting));
}

}  // namespace orchestrator
