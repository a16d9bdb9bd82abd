#include "render/ready_executor.hpp"

namespace orchestrator {

namespace asio = boost::asio;

namespace {

asio::awaitable<Result<ExecutorCapabilities>> prepared(RenderExecutor& executor) {
  auto done = co_await executor.prepare();
  if (!done) co_return done.error();
  co_return executor.capabilities();
}

}  // namespace

asio::awaitable<Result<ExecutorCapabilities>> ready_executor(RenderExecutor& executor, RenderTime time) {
  CallWords words{.threw = "the executor threw while it was prepared",
                  .cancelled = "cancelled before it started",
                  .late = "the executor was not ready yet"};
  auto call = prepared(executor);
  co_return co_await limited_call(std::move(call), time, std::move(words));
}

}  // namespace orchestrator
