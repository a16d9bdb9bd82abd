#pragma once

#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace orchestrator {

struct LocalExecutorOptions {
  /// Worker processes to offer (a render may ask for another number: ChunkingOptions::workers); 0: cores - 1, at least 1,
  /// fewer if memory is short.
  int workers{0};
  /// Command that starts a worker. Empty: PROGRAM worker, where PROGRAM is $ORCHESTRATOR_WORKER, else the `orchestrator` beside
  /// this program, the installed one, or the one on PATH.
  std::vector<std::string> worker_command{};
  /// Silence after which a worker is taken for dead.
  std::chrono::milliseconds heartbeat_timeout{10'000};
};

/// Renders chunks in worker processes of this machine, each the leader of its own process group, with a browser that stays
/// warm between chunks and between renders. Workers start when first needed and end with this object.
///
/// Thread safety: any number of renders at a time. Owns one thread. Blocking: the destructor ends the workers, within 3 s.
class LocalExecutor final : public RenderExecutor {
 public:
  explicit LocalExecutor(LocalExecutorOptions options = {});
  ~LocalExecutor() override;
  ExecutorCapabilities capabilities() const override;
  boost::asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace orchestrator
