#include "slurm/slurm_fleet.hpp"

#include "slurm/slurm_client.hpp"
#include "slurm/srun_command.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds tick{1'000};
constexpr std::chrono::milliseconds retry_look{100};
// Each squeue is a call to the controller, which serves a whole cluster.
constexpr std::chrono::seconds longest_look_interval{10};

}  // namespace

void SlurmFleet::fill_places() {
  for (const auto& place : places_) {
    if (std::exchange(place->kept, true)) continue;
    place->refused.reset();
    tasks_.spawn(keep(*place));
  }
}

asio::awaitable<void> SlurmFleet::keep(SlurmPlace& place) {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!ending_ && !is_unused()) {
    auto started = co_await start(place);
    if (ending_) co_return;  // end() sees to what has been started
    if (started) co_await await_loss(place);
    // clear() is ending it: srun that gets SIGKILL instead leaves a waiting job in the queue.
    while (place.ending && !ending_ && place.worker->process.running()) static_cast<void>(co_await place.worker->process.wait());
    if (ending_) co_return;
    place.worker.reset();
    if (is_unused()) break;
    if (place.ending) continue;  // no failure: it was not used, and now it is
    ++place.failures;
    if (!started) refuse(place, started.error());
    note_change();
    co_await wait_before_next(place);
    place.refused.reset();
  }
  place.kept = false;
  note_change();
}

/// Tells of it where the render goes on; otherwise it is the render's error.
void SlurmFleet::refuse(SlurmPlace& place, Error reason) {
  const bool goes_on = anyone([](const SlurmPlace& other) { return other.is_there(); });
  if (goes_on) tell(LogLevel::warning, reason.detail + " (the render goes on with fewer workers)");
  place.refused = std::move(reason);
}

/// Shorter if a new render takes the refusal away (prepare()).
asio::awaitable<void> SlurmFleet::wait_before_next(SlurmPlace& place) {
  const bool was_refused = place.refused.has_value();
  const auto next = Clock::now() + wait_after(place.failures);
  while (Clock::now() < next && place.refused.has_value() == was_refused) {
    const bool goes_on = co_await pause(retry_look);
    if (!goes_on) co_return;
  }
}

asio::awaitable<Result<void>> SlurmFleet::start(SlurmPlace& place) {
  SessionOptions session{.start_limit = std::chrono::milliseconds(0),  // as long as the queue takes
                         .heartbeat_limit = options_.heartbeat_timeout,
                         .worker_limit = options_.heartbeat_timeout,
                         .remote = !options_.shared_files};
  auto command = srun_command(options_, job_name_, place.number, worker_command_, variables_of_this_place(::environ));
  auto started = co_await start_worker(place, std::move(command), std::move(session), job_name_);
  if (!started) co_return started;
  place.ready = true;
  note_change();
  tell(LogLevel::info,
       name_of(place.end()) + " renders with worker " + std::to_string(place.number) + " of " + std::to_string(options_.workers));
  co_return started;
}

asio::awaitable<void> SlurmFleet::await_loss(SlurmPlace& place) {
  while (place.worker->process.running() && !ending_) static_cast<void>(co_await place.worker->process.wait());
  while (place.busy && !ending_) co_await wait_for_change();
  const bool was_ready = std::exchange(place.ready, false);
  if (ending_ || place.ending || !was_ready || is_unused()) co_return;
  note_change();
  Error found{.detail = "it had no chunk"};  // whose error would tell why
  const Error loss = co_await explain_loss(place, std::move(found), job_name_);
  tell(LogLevel::info, loss.detail);
}

asio::awaitable<void> SlurmFleet::watch() {
  co_await asio::this_coro::throw_if_cancelled(false);
  std::chrono::seconds interval{1};
  auto next_look = Clock::now();
  for (;;) {
    const bool goes_on = co_await pause(tick);
    if (!goes_on) co_return;
    if (is_unused()) end_unused();
    if (!anyone([](const SlurmPlace& place) { return place.is_coming(); })) {
      interval = std::chrono::seconds(1);
      next_look = Clock::now();
    } else if (Clock::now() >= next_look) {
      co_await look_at_queue();
      next_look = Clock::now() + interval;
      interval = std::min(2 * interval, longest_look_interval);
    }
  }
}

asio::awaitable<void> SlurmFleet::look_at_queue() {
  const auto jobs = co_await ask_queue(job_name_);
  std::vector<QueuedJob> waiting;
  for (const auto& place : places_) {
    if (!place->is_coming() || !place->worker || place->ending) continue;
    take_note(*place, jobs);
    if (place->job.state == "PENDING") waiting.push_back(place->job);
    if (!place->running_since || Clock::now() - *place->running_since < options_.start_timeout) continue;
    place->overdue = true;
    place->worker->process.kill(SIGTERM);
  }
  const bool is_all = !anyone([](const SlurmPlace& place) { return place.is_there(); });
  for (const auto& [reason, sentence] : tell_reasons(waiting)) {
    if (told_.insert(reason).second) tell(is_all ? LogLevel::warning : LogLevel::info, sentence);
  }
}

/// What is ending is no worker any more from now on: a render that begins meanwhile waits for the next one.
void SlurmFleet::end_unused() {
  for (const auto& place : places_) {
    if (!place->worker || !place->worker->process.running() || std::exchange(place->ending, true)) continue;
    tasks_.spawn(clear(*place));
  }
  note_change();
}

bool SlurmFleet::is_unused() const {
  return uses_ == 0 && options_.idle_timeout.count() > 0 && Clock::now() - last_use_ >= options_.idle_timeout;
}

void SlurmFleet::tell(LogLevel level, std::string_view text) const noexcept {
  try {
    if (options_.on_log) options_.on_log(level, text);
  } catch (...) {
    return;  // the user's, and there is nobody here to hand it to
  }
}

asio::awaitable<void> SlurmFleet::end() {
  ending_ = true;
  tasks_.cancel_all();
  note_change();
  co_await tasks_.wait();
  if (!begun_) co_return;
  TaskGroup ending(loop_);
  for (const auto& place : places_) ending.spawn(clear(*place));
  co_await ending.wait();
  const bool done = co_await cancel_jobs(job_name_);  // of an srun that had to be killed, the job is left
  if (done) {
    guard_.release();
  } else {
    tell(LogLevel::warning,
         "Slurm did not answer when the last jobs were to be cancelled: that is tried for ten minutes more; "
         "scancel --name=" +
             job_name_ + " removes them if they are still there then");
  }
}

}  // namespace orchestrator
