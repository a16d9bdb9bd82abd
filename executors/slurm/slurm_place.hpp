#pragma once

#include "slurm/job_end.hpp"
#include "slurm/job_records.hpp"

#include <orchestrator/worker/worker_process.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// A place for one worker: empty, with a job in the queue, or with a worker that is idle or renders.
struct SlurmPlace {
  using Clock = std::chrono::steady_clock;

  explicit SlurmPlace(int its_number) : number(its_number) {}

  /// Whether it has a worker that will not end by our doing.
  bool is_there() const { return ready && !ending; }
  bool is_idle() const { return is_there() && !busy && worker->session.usable() && worker->process.running(); }
  /// Whether a job is in the queue, or about to be.
  bool is_coming() const { return kept && !is_there() && !refused; }
  /// In reports and errors: NODE/JOB.
  std::string name() const;
  /// What is known of its job now.
  JobEnd end() const;

  int number;
  std::unique_ptr<WorkerProcess> worker{};  ///< srun; the worker is behind it
  QueuedJob job{};                          ///< as squeue showed it last
  std::string last_job{};                   ///< number of the place's job before
  std::optional<Clock::time_point> running_since{};
  bool kept{false};    ///< a coroutine sees to it that there is a worker
  bool ready{false};   ///< the worker has said hello
  bool ending{false};  ///< nobody uses it any more, and clear() is at work, which takes its time
  bool busy{false};
  bool overdue{false};             ///< its job runs, but its worker did not say hello in time
  std::optional<Error> refused{};  ///< why there is no worker; the next attempt comes later
  int failures{0};                 ///< in a row, without a chunk between them
};

/// How long to wait after so many failures in a row: 1 s, then twice as long each time, up to a minute. Pure.
inline std::chrono::seconds wait_after(int failures) {
  return std::chrono::seconds(std::min(60, 1 << std::clamp(failures - 1, 0, 6)));
}

/// Takes what squeue says about the place's job, if it is among `jobs`.
void take_note(SlurmPlace& place, const std::vector<QueuedJob>& jobs);

/// Waits for srun's end, up to `limit`; it is not killed.
boost::asio::awaitable<void> await_end(ChildProcess& srun, std::chrono::milliseconds limit);
/// Starts srun with a worker and waits until the worker has said hello, however long its job is in the queue. Errors: why there
/// is none, naming job and node as far as they are known; Errc::cancelled.
boost::asio::awaitable<Result<void>> start_worker(SlurmPlace& place, std::vector<std::string> srun, SessionOptions session,
                                                  std::string job_name);
/// Ends a lost worker's srun. Returns what the loss was, in the words of its job's end.
boost::asio::awaitable<Error> explain_loss(SlurmPlace& place, Error found, std::string job_name);
/// Ends what is at the place: a worker by the end of its input, a job in the queue by srun's end.
boost::asio::awaitable<void> clear(SlurmPlace& place);

}  // namespace orchestrator
