#include <orchestrator/executors/lambda_executor.hpp>

#include "async/render_chunk_on.hpp"
#include "lambda/executor/cloud.hpp"

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
  return render_chunk_on(cloud_->thread, cloud_->renders, std::move(job), context);
}

}  // namespace orchestrator
