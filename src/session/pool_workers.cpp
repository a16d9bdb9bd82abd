#include "session/pool_workers.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/option_checks.hpp>
#include <orchestrator/worker/worker_program.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Time for a worker to end its browser and remove its profile (measured: 0.1 ... 0.3 s). Then its process group gets SIGKILL.
constexpr std::chrono::milliseconds worker_exit_limit{2'500};

// Time for a worker to end after its connection has ended. A worker that hangs does not, and is killed.
constexpr std::chrono::milliseconds death_limit{200};

asio::awaitable<void> end_worker(PoolWorkers::Worker worker) {
  worker->session.hang_up();
  co_await worker->process.wait_or_kill(worker_exit_limit);
}

Result<void> check_options(const WorkerPoolOptions& options) {
  if (auto valid = check_heartbeat_timeout(options.session.heartbeat_limit); !valid) return valid;
  const std::chrono::milliseconds none{0}, shortest{1};
  if (auto valid = check_time("start_limit", options.session.start_limit, shortest); !valid) return valid;
  if (auto valid = check_time("worker_limit", options.session.worker_limit, none); !valid) return valid;
  if (auto valid = check_time("cancel_limit", options.session.cancel_limit, none); !valid) return valid;
  return check_time("idle_timeout", options.idle_timeout, none);
}

}  // namespace

PoolWorkers::PoolWorkers(asio::any_io_executor loop, WorkerPoolOptions options)
    : loop_(std::move(loop)),
      options_(std::move(options)),
      slots_(std::max(1, options_.slots)),
      slots_known_(options_.slots > 0),
      free_slots_(loop_, slots_),
      next_retires_(loop_) {}

asio::awaitable<Result<void>> PoolWorkers::prepare() {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (auto valid = check_options(options_); !valid) co_return valid;
  if (slots_known_) co_return Result<void>{};
  co_return co_await ask_slots();
}

asio::awaitable<Result<void>> PoolWorkers::ask_slots() {
  const Gate::Place slot = co_await free_slots_.enter();
  if (!slot) co_return cancelled_error(Stage::start, "cancelled before a worker was free");
  if (slots_known_) co_return Result<void>{};
  auto worker = co_await take_worker();
  if (!worker) co_return worker.error();
  keep(std::move(*worker));
  co_return Result<void>{};
}

asio::awaitable<Result<ChunkResult>> PoolWorkers::render(ChunkJob job, ChunkContext& context) {
  const Work<ChunkResult> run = [&](WorkerSession& session) { return session.run(job, context); };
  auto result = co_await in_slot(run);
  std::error_code ignored;
  if (!result) std::filesystem::remove(job.output, ignored);  // what a worker that was killed has begun
  co_return result;
}

asio::awaitable<Result<CompositionDescription>> PoolWorkers::describe(DescribeJob job, ChunkContext& context) {
  const Work<CompositionDescription> look = [&](WorkerSession& session) { return session.describe(job, context); };
  co_return co_await in_slot(look);
}

template <class T>
asio::awaitable<Result<T>> PoolWorkers::in_slot(const Work<T>& work) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const Gate::Place slot = co_await free_slots_.enter();
  if (!slot) co_return cancelled_error(Stage::start, "cancelled before a worker was free");
  auto worker = co_await take_worker();
  if (!worker) co_return worker.error();
  auto result = co_await work((*worker)->session);
  if ((*worker)->session.usable()) {
    keep(std::move(*worker));
    co_return result;
  }
  (*worker)->session.hang_up();  // one that lives gives its job up, and what belongs to it
  const bool is_alive = !result && result.error().code == Errc::cancelled;
  co_await (*worker)->process.wait_or_kill(is_alive ? worker_exit_limit : death_limit);
  if (result || result.error().code != Errc::executor_unavailable) co_return result;
  Error error = result.error();
  const auto status = co_await (*worker)->process.wait();
  error.detail = "the worker process " + std::to_string((*worker)->process.pid()) + " is gone: " + error.detail +
                 (status ? ", " + to_string(*status) : std::string());
  error.output_tail = (*worker)->process.error_tail();
  co_return error;
}

asio::awaitable<Result<PoolWorkers::Worker>> PoolWorkers::take_worker() {
  while (!idle_.empty()) {
    auto worker = std::move(idle_.back().worker);
    idle_.pop_back();
    if (worker->process.running()) co_return worker;
  }
  if (!options_.command.empty()) co_return co_await start_worker(options_.command);
  const auto program = find_worker_program();
  if (!program) co_return program.error();
  std::vector<std::string> command{*program, "worker"};
  co_return co_await start_worker(std::move(command));
}

asio::awaitable<Result<PoolWorkers::Worker>> PoolWorkers::start_worker(std::vector<std::string> command) {
  if (auto valid = check_options(options_); !valid) co_return valid.error();
  const std::string program = command.front();
  auto worker = WorkerProcess::spawn(loop_, std::move(command), options_.die_with_host, options_.session);
  if (!worker) co_return worker.error();
  auto started = co_await (*worker)->session.start();
  if (started) {
    learn_slots((*worker)->session);
    co_return worker;
  }
  co_await (*worker)->process.stop(std::chrono::milliseconds(0));  // its last words have been read when it returns
  Error error = started.error();
  error.detail = "the worker " + program + " did not start: " + error.detail;
  error.output_tail = (*worker)->process.error_tail();
  co_return error;
}

void PoolWorkers::learn_slots(const WorkerSession& session) {
  if (std::exchange(slots_known_, true)) return;
  slots_ = session.slots();
  free_slots_.add(slots_ - 1);
}

void PoolWorkers::keep(Worker worker) {
  if (ending_) return asio::co_spawn(loop_, end_worker(std::move(worker)), asio::detached);
  idle_.push_back({std::move(worker), Clock::now()});
  if (options_.idle_timeout.count() == 0 || std::exchange(retiring_, true)) return;
  asio::co_spawn(loop_, retire(), asio::detached);
}

asio::awaitable<void> PoolWorkers::retire() {
  while (!idle_.empty()) {
    const auto due = idle_.front().since + options_.idle_timeout;
    if (due <= Clock::now()) {
      asio::co_spawn(loop_, end_worker(std::move(idle_.front().worker)), asio::detached);
      idle_.pop_front();
      continue;
    }
    next_retires_.expires_at(due);
    boost::system::error_code woken;
    co_await next_retires_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  retiring_ = false;
}

void PoolWorkers::end() {
  ending_ = true;
  for (Idle& one : idle_) asio::co_spawn(loop_, end_worker(std::move(one.worker)), asio::detached);
  idle_.clear();
  next_retires_.cancel();
}

}  // namespace orchestrator
