#include <orchestrator/executors/lambda_executor.hpp>

#include "lambda/executor/lambda_renders.hpp"

#include <orchestrator/worker/loop_thread.hpp>

#include <boost/asio/awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

/// The renders, and the thread whose loop talks to AWS.
struct LambdaExecutor::AwsLoop {
  explicit AwsLoop(LambdaExecutorOptions options) : renders(thread.executor(), std::move(options)) {}
  ~AwsLoop() { thread.end(renders.end()); }

  LoopThread thread{};
  LambdaRenders renders;
};

LambdaExecutor::LambdaExecutor(LambdaExecutorOptions options) : loop_(std::make_unique<AwsLoop>(std::move(options))) {}
LambdaExecutor::~LambdaExecutor() = default;

asio::awaitable<Result<void>> LambdaExecutor::prepare() { co_return co_await loop_->thread.run(loop_->renders.prepare()); }

ExecutorCapabilities LambdaExecutor::capabilities() const {
  return {.slots = loop_->renders.most_at_a_time(), .warm_slots = true, .describes = true};
}

LambdaUsage LambdaExecutor::usage() const { return loop_->renders.usage(); }

asio::awaitable<Result<ChunkResult>> LambdaExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  auto render = [&renders = loop_->renders, job = std::move(job)](ChunkContext& posting) { return renders.render(job, posting); };
  return loop_->thread.render_chunk(std::move(render), context);
}

asio::awaitable<Result<CompositionDescription>> LambdaExecutor::describe(DescribeJob job, ChunkContext& context) {
  auto describe = [&renders = loop_->renders, job = std::move(job)](ChunkContext& posting) {
    return renders.describe(job, posting);
  };
  return loop_->thread.describe(std::move(describe), context);
}

}  // namespace orchestrator
