#include <orchestrator/executors/slurm_executor.hpp>

#include "slurm/slurm_fleet.hpp"

#include <orchestrator/worker/loop_thread.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;

/// The workers, and the thread whose loop talks to them.
struct SlurmExecutor::Cluster {
  explicit Cluster(SlurmExecutorOptions options)
      : most(std::max(1, options.workers)), fleet(thread.executor(), std::move(options)) {}
  ~Cluster() { thread.end(fleet.end()); }

  int most;
  LoopThread thread{};
  SlurmFleet fleet;
};

SlurmExecutor::SlurmExecutor(SlurmExecutorOptions options) : cluster_(std::make_unique<Cluster>(std::move(options))) {}
SlurmExecutor::~SlurmExecutor() = default;

asio::awaitable<Result<void>> SlurmExecutor::prepare() { co_return co_await cluster_->thread.run(cluster_->fleet.prepare()); }

/// At least 1: where Slurm gives no worker any more, the next chunk says why.
ExecutorCapabilities SlurmExecutor::capabilities() const {
  return {.slots = std::max(1, cluster_->fleet.workers()), .warm_slots = true, .most_slots = cluster_->most, .describes = true};
}

asio::awaitable<Result<ChunkResult>> SlurmExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  auto render = [&fleet = cluster_->fleet, job = std::move(job)](ChunkContext& posting) { return fleet.render(job, posting); };
  return cluster_->thread.render_chunk(std::move(render), context);
}

asio::awaitable<Result<CompositionDescription>> SlurmExecutor::describe(DescribeJob job, ChunkContext& context) {
  auto describe = [&fleet = cluster_->fleet, job = std::move(job)](ChunkContext& posting) {
    return fleet.describe(job, posting);
  };
  return cluster_->thread.describe(std::move(describe), context);
}

}  // namespace orchestrator
