#pragma once

#include "slurm/queue_guard.hpp"
#include "slurm/slurm_place.hpp"

#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/worker/chunk_reports.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace orchestrator {

/// The workers of a SlurmExecutor. To be used on the loop's thread, except workers().
class SlurmFleet {
 public:
  SlurmFleet(const boost::asio::any_io_executor& loop, SlurmExecutorOptions options);

  /// See SlurmExecutor::prepare().
  boost::asio::awaitable<Result<void>> prepare();
  /// Renders a chunk with the next worker that is free. Cancellation: terminal.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  boost::asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context);
  /// Ends all jobs.
  boost::asio::awaitable<void> end();
  /// How many workers there are. May be called on any thread.
  int workers() const noexcept { return workers_; }

 private:
  using Clock = SlurmPlace::Clock;
  class Use;
  class Busy;

  boost::asio::awaitable<Result<void>> begin();
  /// Sees to it that each place has a worker, or a job in the queue.
  void fill_places();
  boost::asio::awaitable<void> keep(SlurmPlace& place);
  boost::asio::awaitable<Result<void>> start(SlurmPlace& place);
  void refuse(SlurmPlace& place, Error reason);
  boost::asio::awaitable<void> wait_before_next(SlurmPlace& place);
  /// Waits until the place's worker has ended and nobody needs what is left of it.
  boost::asio::awaitable<void> await_loss(SlurmPlace& place);
  /// Waits for an idle worker. Errors: Slurm gives none.
  boost::asio::awaitable<Result<SlurmPlace*>> take();
  template <class T>
  using Work = std::function<boost::asio::awaitable<Result<T>>(SlurmPlace& place, ChunkContext& context)>;
  /// Does `work` with the next worker that is free.
  template <class T>
  boost::asio::awaitable<Result<T>> somewhere(const Work<T>& work, const std::string& composition, ChunkContext& context);
  template <class T>
  boost::asio::awaitable<Result<T>> work_at(SlurmPlace& place, const Work<T>& work, ChunkContext& context);

  /// Looks at the queue while jobs wait there, and ends the jobs when nobody has used them for long.
  boost::asio::awaitable<void> watch();
  boost::asio::awaitable<void> look_at_queue();
  bool is_unused() const;
  void end_unused();
  /// Why there is no worker, if there is neither one nor a job in the queue.
  Error nobody() const;
  bool anyone(bool (*is)(const SlurmPlace&)) const;
  void note_change();
  boost::asio::awaitable<void> wait_for_change();
  void tell(LogLevel level, std::string_view text) const noexcept;

  boost::asio::any_io_executor loop_;
  SlurmExecutorOptions options_;
  std::string job_name_;
  std::vector<std::string> worker_command_{};
  QueueGuard guard_;
  std::vector<std::unique_ptr<SlurmPlace>> places_{};
  std::set<std::string> told_{};  ///< reasons for waiting
  std::atomic<int> workers_{0};
  int uses_{0};  ///< renders that prepare or have a chunk here
  Clock::time_point last_use_{};
  bool begun_{false};
  LoopbackWarning loopback_warning_{"node"};
  bool ending_{false};
  boost::asio::steady_timer changed_;  // never expires; cancelled when something has changed
  TaskGroup tasks_;
};

}  // namespace orchestrator
