#include <orchestrator/executors/lambda_executor.hpp>

#include "async/posting_context.hpp"
#include "async/run_on.hpp"
#include "lambda/executor/cloud.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <thread>

namespace orchestrator {

namespace asio = boost::asio;

/// The thread whose loop talks to AWS: it outlives single renders, whose loops come and go.
struct LambdaExecutor::Cloud {
  explicit Cloud(LambdaExecutorOptions chosen)
      : work(loop.get_executor()), renders(loop.get_executor(), std::move(chosen)), thread([this] { loop.run(); }) {}

  ~Cloud() {
    asio::co_spawn(loop, end(), asio::detached);
    thread.join();
  }

  asio::awaitable<void> end() {
    co_await renders.end();
    work.reset();
  }

  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  CloudRenders renders;
  std::thread thread;
};

LambdaExecutor::LambdaExecutor(LambdaExecutorOptions options) : cloud_(std::make_unique<Cloud>(std::move(options))) {}
LambdaExecutor::~LambdaExecutor() = default;

asio::awaitable<Result<void>> LambdaExecutor::prepare() {
  co_return co_await run_on(cloud_->loop.get_executor(), cloud_->renders.prepare());
}

ExecutorCapabilities LambdaExecutor::capabilities() const {
  return {.slots = cloud_->renders.most_at_a_time(), .warm_slots = true};
}

LambdaUsage LambdaExecutor::usage() const { return cloud_->renders.usage(); }

asio::awaitable<Result<ChunkResult>> LambdaExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  PostingContext posting(co_await asio::this_coro::executor, context);
  co_return co_await run_on(cloud_->loop.get_executor(), cloud_->renders.render(std::move(job), posting));
}

}  // namespace orchestrator
