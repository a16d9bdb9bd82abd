#pragma once

#include "async/gate.hpp"
#include "session/worker_process.hpp"

#include <orchestrator/executors/local_executor.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>

namespace orchestrator {

/// Errors: Errc::invalid_options, naming the time.
Result<void> check_times(const LocalExecutorOptions& options);

/// The workers of a LocalExecutor: at most `slots` at a time, over all renders. To be used on the loop's thread.
class WorkerPool {
 public:
  using Worker = std::unique_ptr<WorkerProcess>;

  WorkerPool(boost::asio::io_context& loop, const LocalExecutorOptions& options, int slots);
  /// Renders a chunk as soon as a slot is free, with a warm worker if there is one. Cancellation: terminal.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  /// Ends the idle workers, and each other one after its chunk. The loop has no work of this pool left when they have ended.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  struct Idle {
    Worker worker;
    Clock::time_point since;
  };

  boost::asio::awaitable<Result<ChunkResult>> render_in_slot(const ChunkJob& job, ChunkContext& context);
  boost::asio::awaitable<Result<Worker>> take_worker();
  boost::asio::awaitable<Result<Worker>> start_worker(std::vector<std::string> command);
  void keep(Worker worker);
  /// Ends workers that were idle for too long, until none is idle.
  boost::asio::awaitable<void> retire();

  boost::asio::io_context& loop_;
  const LocalExecutorOptions& options_;
  Gate slots_;
  std::deque<Idle> idle_{};  ///< the one that waits longest first
  boost::asio::steady_timer next_retires_;
  bool retiring_{false};
  bool ending_{false};
};

}  // namespace orchestrator
