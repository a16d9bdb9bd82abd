#include <orchestrator/executors/lambda_executor.hpp>

#include "async/loop_thread.hpp"
#include "async/posting_context.hpp"
#include "lambda/executor/cloud.hpp"

#include <boost/asio/this_coro.hpp>

namespace orchestrator {

namespace asio = boost::asio;

/// The thread whose loop talks to AWS.
struct LambdaExecutor::Cloud {
  explicit Cloud(LambdaExecutorOptions options) : renders(thread.executor(), std::move(options)) {}
  ~Cloud() { thread.end(renders.end()); }

  LoopThread thread{};
  CloudRenders renders;
};

LambdaExecutor::LambdaExecutor(LambdaExecutorOptions options) : cloud_(std::make_unique<Cloud>(std::move(options))) {}
LambdaExecutor::~LambdaExecutor() = default;

asio::awaitable<Result<void>> LambdaExecutor::prepare() { co_return co_await cloud_->thread.run(cloud_->renders.prepare()); }

ExecutorCapabilities LambdaExecutor::capabilities() const {
  return {.slots = cloud_->renders.most_at_a_time(), .warm_slots = true};
}

LambdaUsage LambdaExecutor::usage() const { return cloud_->renders.usage(); }

asio::awaitable<Result<ChunkResult>> LambdaExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  PostingContext posting(co_await asio::this_coro::executor, context);
  co_return co_await cloud_->thread.run(cloud_->renders.render(std::move(job), posting));
}

}  // namespace orchestrator
