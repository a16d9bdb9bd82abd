#include "slurm/slurm_place.hpp"

#include "slurm/slurm_client.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Time for a worker to end its browser and remove its files (0.1 ... 0.3 s), and for srun to see the end of its job.
constexpr std::chrono::milliseconds worker_exit_limit{5'000};
// Time for srun to take its job out of the queue, or to end the job's step.
constexpr std::chrono::milliseconds srun_exit_limit{4'000};
// Time for srun to end after its worker: slurmd has to report the end first.
constexpr std::chrono::milliseconds last_words_limit{5'000};
constexpr std::chrono::milliseconds look_interval{50};
constexpr std::chrono::milliseconds record_interval{200};

/// Looks up which job there is at the place, if that is not known yet.
asio::awaitable<void> look_up(SlurmPlace& place, std::string job_name) {
  if (!place.job.node.empty()) co_return;
  const auto jobs = co_await ask_queue(std::move(job_name));
  take_note(place, jobs);
}

/// What is known of the end of the place's job, whose srun has ended or been given the time for it.
asio::awaitable<JobEnd> look_at_end(SlurmPlace& place, std::string job_name) {
  co_await look_up(place, std::move(job_name));
  JobEnd end = place.end();
  co_await ask_end(end);
  // While a job is being cleaned up, its record does not say how it ended.
  for (int look = 0; look < 15 && end.state == "COMPLETING"; ++look) {
    const bool goes_on = co_await pause(record_interval);
    if (!goes_on) break;
    co_await ask_end(end);
  }
  if (place.worker->process.running()) co_return end;
  const auto status = co_await place.worker->process.wait();
  if (status) end.srun = *status;
  co_return end;
}

}  // namespace

std::string SlurmPlace::name() const {
  if (job.node.empty()) return "Slurm job " + (job.number.empty() ? std::string("?") : job.number);
  return job.node + "/" + job.number;
}

JobEnd SlurmPlace::end() const {
  return {.number = job.number, .node = job.node, .words = worker ? worker->process.error_tail() : std::string()};
}

void take_note(SlurmPlace& place, const std::vector<QueuedJob>& jobs) {
  for (const QueuedJob& job : jobs) {
    if (job.place != place.number || job.number == place.last_job) continue;
    place.job = job;
    if (job.state == "RUNNING" && !place.running_since) place.running_since = SlurmPlace::Clock::now();
  }
}

asio::awaitable<void> await_end(ChildProcess& srun, std::chrono::milliseconds limit) {
  const auto deadline = SlurmPlace::Clock::now() + limit;
  while (srun.running() && SlurmPlace::Clock::now() < deadline) {
    const bool goes_on = co_await pause(look_interval);
    if (!goes_on) co_return;
  }
}

asio::awaitable<Result<void>> start_worker(SlurmPlace& place, std::vector<std::string> srun, SessionOptions session,
                                           std::string job_name) {
  if (!place.job.number.empty()) place.last_job = place.job.number;
  place.job = {};
  place.running_since.reset();
  place.overdue = false;
  place.ending = false;
  const std::string program = *std::next(std::find(srun.begin(), srun.end(), "--"));
  const auto executor = co_await asio::this_coro::executor;
  // `false`: if this process is killed, the worker sees the end of its input and can clean up; the guard sees to the job.
  auto worker = WorkerProcess::spawn(executor, std::move(srun), false, std::move(session));
  if (!worker) co_return worker.error();
  place.worker = std::move(*worker);
  auto started = co_await place.worker->session.start();
  if (started) co_await look_up(place, job_name);
  if (started || started.error().code == Errc::cancelled) co_return started;
  co_await await_end(place.worker->process, last_words_limit);
  const JobEnd end = co_await look_at_end(place, std::move(job_name));
  Error error{.code = Errc::executor_unavailable, .stage = Stage::start, .worker = place.name(), .output_tail = end.words};
  error.detail = refusal_of(end, started.error().detail, program);
  if (place.overdue) error.detail = name_of(end) + " runs, but its worker did not say hello in time (start_timeout)";
  co_await clear(place);
  co_return error;
}

asio::awaitable<Error> explain_loss(SlurmPlace& place, Error found, std::string job_name) {
  co_await await_end(place.worker->process, last_words_limit);
  const JobEnd end = co_await look_at_end(place, std::move(job_name));
  Error error = std::move(found);
  error.worker = place.name();
  error.detail = name_of(end) + " " + cause_of(end) + "; " + error.detail;
  error.output_tail = end.words;
  co_await place.worker->process.stop(srun_exit_limit);
  co_return error;
}

asio::awaitable<void> clear(SlurmPlace& place) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (!place.worker) co_return;
  place.worker->session.hang_up();
  if (place.ready) {
    co_await place.worker->process.wait_or_kill(worker_exit_limit);
  } else {
    co_await place.worker->process.stop(srun_exit_limit);
  }
  place.ready = false;
}

}  // namespace orchestrator
