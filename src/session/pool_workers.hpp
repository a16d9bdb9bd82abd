#pragma once

#include "async/gate.hpp"

#include <orchestrator/worker/worker_pool.hpp>
#include <orchestrator/worker/worker_process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace orchestrator {

/// The workers of a WorkerPool: at most one a slot at a time, over all renders. To be used on the loop's thread, but for slots().
class PoolWorkers {
 public:
  using Worker = std::unique_ptr<WorkerProcess>;

  PoolWorkers(boost::asio::any_io_executor loop, WorkerPoolOptions options);
  boost::asio::awaitable<Result<void>> prepare();
  /// Renders a chunk as soon as a slot is free, with a warm worker if there is one. Cancellation: terminal.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  /// Has such a worker look at a composition.
  boost::asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context);
  /// Ends the idle workers, and each other one after its chunk. The loop has no work of this pool left when they have ended.
  void end();
  /// 1 until the number is known. May be called on any thread.
  int slots() const noexcept { return slots_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Idle {
    Worker worker;
    Clock::time_point since;
  };

  boost::asio::awaitable<Result<void>> ask_slots();
  template <class T>
  using Work = std::function<boost::asio::awaitable<Result<T>>(WorkerSession&)>;
  template <class T>
  boost::asio::awaitable<Result<T>> in_slot(const Work<T>& work);
  boost::asio::awaitable<Result<Worker>> take_worker();
  boost::asio::awaitable<Result<Worker>> start_worker(std::vector<std::string> command);
  void learn_slots(const WorkerSession& session);
  void keep(Worker worker);
  /// Ends workers that were idle for too long, until none is idle.
  boost::asio::awaitable<void> retire();

  boost::asio::any_io_executor loop_;
  WorkerPoolOptions options_;
  std::atomic<int> slots_;
  bool slots_known_;
  Gate free_slots_;
  std::deque<Idle> idle_{};  ///< the one that waits longest first
  boost::asio::steady_timer next_retires_;
  bool retiring_{false};
  bool ending_{false};
};

}  // namespace orchestrator
