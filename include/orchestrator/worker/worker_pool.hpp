#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>
#include <orchestrator/worker/worker_session.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

struct WorkerPoolOptions {
  /// The program and its arguments that start a worker and connect its standard streams:
  /// {"docker", "exec", "-i", "renderer", "orchestrator", "worker"}. Empty: {PROGRAM, "worker"}, see find_worker_program().
  std::vector<std::string> command{};
  /// Workers at most, over all renders. 0: as many as the first worker says that its machine renders well.
  int slots{0};
  /// A worker that had nothing to do for so long ends, and its browser with it. 0: never.
  std::chrono::milliseconds idle_timeout{60'000};
  /// The command gets SIGKILL when this process ends. False: it sees the end of its input, and can clean up.
  bool die_with_host{false};
  SessionOptions session{};
};

/// Workers that one command starts: a process for each slot, started when first needed and warm between chunks and renders. It
/// is all that an executor needs whose workers are behind a program that connects to them (examples/command_executor.cpp).
///
/// Thread safety: any number of renders at a time. Owns one thread. Blocking: the destructor ends the workers, within 3 s.
class WorkerPool {
 public:
  explicit WorkerPool(WorkerPoolOptions options);
  ~WorkerPool();

  /// For RenderExecutor::prepare(). Starts a worker if it has to be asked for the number of slots. Errors: Errc::invalid_options,
  /// naming the time; why the worker did not start; Errc::cancelled.
  Awaitable<Result<void>> prepare();
  /// For RenderExecutor::capabilities(). 1 slot until that is known.
  ExecutorCapabilities capabilities() const;
  /// For RenderExecutor::render_chunk(). Waits for a free slot. Cancellation: terminal. Errors: as WorkerSession::run(); if the
  /// worker is gone, with what the process wrote last.
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context);
  /// For RenderExecutor::describe(), as render_chunk().
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context);

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace v0
}  // namespace orchestrator
