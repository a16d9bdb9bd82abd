#include <orchestrator/executors/local_executor.hpp>

#include <orchestrator/worker/option_checks.hpp>
#include <orchestrator/worker/worker_program.hpp>

#include <boost/asio/awaitable.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// The number of slots is decided once: a plan made twice must come out the same.
WorkerPoolOptions pool_options(LocalExecutorOptions options) {
  return {.command = std::move(options.worker_command),
          .slots = options.workers > 0 ? options.workers : workers_of_this_machine(),
          .idle_timeout = options.idle_timeout,
          .die_with_host = false,  // a worker outlives this process for a moment, to clean up
          .session = {.heartbeat_limit = options.heartbeat_timeout}};
}

}  // namespace

LocalExecutor::LocalExecutor(LocalExecutorOptions options) : workers_(pool_options(std::move(options))) {}
LocalExecutor::~LocalExecutor() = default;

asio::awaitable<Result<void>> LocalExecutor::prepare() { return workers_.prepare(); }

ExecutorCapabilities LocalExecutor::capabilities() const { return workers_.capabilities(); }

asio::awaitable<Result<ChunkResult>> LocalExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  return workers_.render_chunk(std::move(job), context);
}

asio::awaitable<Result<CompositionDescription>> LocalExecutor::describe(DescribeJob job, ChunkContext& context) {
  return workers_.describe(std::move(job), context);
}

}  // namespace orchestrator
