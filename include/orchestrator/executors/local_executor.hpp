#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>
#include <orchestrator/worker/worker_pool.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

struct LocalExecutorOptions {
  /// Worker processes at most, over all renders that share this executor; a render that asks for more (ChunkingOptions::workers)
  /// waits for free ones. 0: cores - 1, at least 1, fewer if memory is short.
  int workers{0};
  /// Command that starts a worker. Empty: PROGRAM worker, where PROGRAM is $ORCHESTRATOR_WORKER, else the `orchestrator` beside
  /// this program, the one installed with the library, or the one on PATH.
  std::vector<std::string> worker_command{};
  /// Silence after which a worker is taken for dead. At least 1 s.
  std::chrono::milliseconds heartbeat_timeout{10'000};
  /// A worker that had nothing to do for so long ends, and its browser with it. 0: never.
  std::chrono::milliseconds idle_timeout{60'000};
};

/// Renders chunks in worker processes of this machine, each the leader of its own process group, with a browser that stays
/// warm between chunks and between renders. Workers start when first needed and end when they are idle, or with this object.
///
/// Thread safety: any number of renders at a time. Owns one thread. Blocking: the destructor ends the workers, within 3 s.
class LocalExecutor final : public RenderExecutor {
 public:
  explicit LocalExecutor(LocalExecutorOptions options = {});
  ~LocalExecutor() override;
  /// Ready at once: workers start with their first chunk.
  Awaitable<Result<void>> prepare() override;
  ExecutorCapabilities capabilities() const override;
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override;

 private:
  WorkerPool workers_;
};

}  // namespace v0
}  // namespace orchestrator
