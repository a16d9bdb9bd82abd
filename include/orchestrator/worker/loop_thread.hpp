#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// A loop with a thread of its own, for an executor: its conversations outlive single renders, whose loops come and go. What a
/// task throws that nobody waits for ends this task only, not the program. The destructor waits until the loop has nothing left
/// to do.
class LoopThread {
 public:
  /// If the system gives no thread, failure() and each call say so.
  LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread();

  boost::asio::any_io_executor executor() const;
  const std::optional<Error>& failure() const noexcept;

  /// Runs `task` on the loop and comes back with its result, or what it threw. Cancellation: is forwarded to the task. Errors:
  /// also Errc::executor_unavailable if there is no thread.
  Awaitable<Result<void>> run(Awaitable<Result<void>> task);

  /// An executor's render_chunk(): runs the coroutine that `render` makes on the loop, with a context that hands progress and
  /// logs over to the strand of whoever awaits this. Cancellation and errors: as run().
  using Render = std::function<Awaitable<Result<ChunkResult>>(ChunkContext& context)>;
  Awaitable<Result<ChunkResult>> render_chunk(Render render, ChunkContext& context);

  /// The same for an executor's describe().
  using Describe = std::function<Awaitable<Result<CompositionDescription>>(ChunkContext& context)>;
  Awaitable<Result<CompositionDescription>> describe(Describe describe, ChunkContext& context);

  /// Runs `last` on the loop and waits until it and all else there has ended. Without a thread nothing was begun, and `last` is
  /// dropped.
  void end(Awaitable<void> last);

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace v0
}  // namespace orchestrator
