#include "ssh/fleet_host.hpp"

#include "ssh/ssh_error.hpp"
#include "ssh/time_limit.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/task_group.hpp>
#include <orchestrator/worker/worker_program.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// sshd allows 10 sessions a connection (sshd_config(5), MaxSessions); two are kept for copying the worker and its lease.
constexpr int workers_per_line = 8;
// Time for a worker to end its browser and remove its files. Measured locally: 0.1 ... 0.3 s.
constexpr std::chrono::milliseconds worker_exit_limit{2'500};
// Time for an ssh client to say how its command has ended, after its streams have ended.
constexpr std::chrono::milliseconds last_words_limit{500};
constexpr std::chrono::milliseconds removal_limit{1'000};

asio::awaitable<void> end_worker(FleetHost::Worker worker) {
  co_await asio::this_coro::throw_if_cancelled(false);
  worker.client->session.hang_up();
  co_await worker.client->process.wait_or_kill(worker_exit_limit);
}

}  // namespace

FleetHost::FleetHost(const asio::any_io_executor& loop, SshHost host, const SshExecutorOptions& options,
                     std::filesystem::path sockets)
    : loop_(loop),
      host_(std::move(host)),
      options_(options),
      sockets_(std::move(sockets)),
      report_{.host = host_.host},
      copying_(loop) {}

bool FleetHost::claim_ask(bool urgent) {
  const bool is_due = !asked_ || (report_.refused && ask_again_.is_due(AskAgain::Clock::now(), urgent));
  if (asking_ || !is_due) return false;
  asking_ = true;
  return true;
}

asio::awaitable<void> FleetHost::ask() {
  const auto asked = AskAgain::Clock::now();
  Result<Worker> worker = Worker{};
  try {
    worker = co_await start_worker();
  } catch (const std::exception& thrown) {
    worker = Error{.detail = host_.host + ": " + thrown.what(), .stage = Stage::start, .worker = host_.host};
  }
  asking_ = false;
  asked_ = true;
  if (worker) {
    accept(std::move(*worker));
  } else {
    refuse(worker.error(), asked);
  }
}

void FleetHost::accept(Worker worker) {
  report_.slots = host_.slots > 0 ? host_.slots : worker.client->session.slots();
  report_.bootstrapped = bootstrap_ != nullptr;
  report_.refused.reset();
  ask_again_.accepted();
  idle_.push_back(std::move(worker));
}

/// The host could not start one more worker than it has.
void FleetHost::refuse(Error reason, AskAgain::Clock::time_point asked) {
  report_.slots = busy_ + static_cast<int>(idle_.size());
  report_.refused = std::move(reason);
  ask_again_.refused(asked, AskAgain::Clock::now());
}

std::optional<FleetHost::News> FleetHost::take_news() {
  if (told_ == report_.refused.has_value()) return std::nullopt;
  told_ = !told_;
  if (!report_.refused) return News{LogLevel::info, host_.host + ": it takes part again"};
  const bool takes_part = report_.slots > 0;
  return News{LogLevel::warning,
              report_.refused->detail + (takes_part ? " (it goes on with fewer workers)" : " (the render goes on without it)")};
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::start_worker() {
  auto worker = co_await start_installed_or_copied();
  if (worker || needs_copy_ || !lacks_worker_ || !options_.bootstrap) co_return worker;
  needs_copy_ = true;
  co_return co_await start_installed_or_copied();
}

asio::awaitable<Result<void>> FleetHost::bring_program() {
  if (bootstrap_ && bootstrap_->alive()) co_return Result<void>{};
  auto copying = copy_program();
  co_return co_await copying_.run(std::move(copying));
}

asio::awaitable<Result<void>> FleetHost::copy_program() {
  bootstrap_.reset();
  Result<std::string> program = options_.bootstrap_program.string();
  if (program->empty()) program = find_worker_program();
  if (!program) co_return program.error();
  auto line = co_await join_line();
  if (!line) co_return line.error();
  const auto connection = (*line)->connection;
  auto copied = co_await Bootstrap::copy(*connection, host_.host, *program);
  if (!copied) co_return copied.error();
  bootstrap_ = std::move(*copied);
  co_return Result<void>{};
}

std::size_t FleetHost::line_with_room() {
  for (std::size_t number = 0; number < lines_.size(); ++number) {
    if (lines_[number]->workers < workers_per_line) return number;
  }
  lines_.push_back(std::make_unique<Line>(loop_));
  return lines_.size() - 1;
}

void FleetHost::Leave::operator()(Line* line) const noexcept { --line->workers; }
void FleetHost::Leave::operator()(FleetHost* host) const noexcept { --host->busy_; }

asio::awaitable<Result<FleetHost::LinePlace>> FleetHost::join_line() {
  const std::size_t number = line_with_room();
  LinePlace line(lines_[number].get());
  ++line->workers;
  if (line->is_open()) co_return std::move(line);
  auto opening = open_line(number);
  auto opened = co_await line->opening.run(std::move(opening));  // workers that start at the same time share the connection
  if (!opened) co_return opened.error();
  co_return std::move(line);
}

asio::awaitable<Result<void>> FleetHost::open_line(std::size_t number) {
  Line& line = *lines_[number];
  auto opened = co_await SshConnection::open(host_, options_, sockets_.string() + "-" + std::to_string(number));
  if (!opened) co_return opened.error();
  line.connection = std::move(*opened);
  co_return Result<void>{};
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::start_installed_or_copied() {
  Result<void> there;
  if (needs_copy_) there = co_await bring_program();
  if (!there) co_return there.error();
  auto line = co_await join_line();
  if (!line) co_return line.error();
  auto connection = (*line)->connection;
  const std::string command = worker_command();
  auto client = co_await greet(connection->session(command), command);
  if (!client) co_return client.error();
  Worker worker;
  worker.line = std::move(*line);
  worker.connection = std::move(connection);
  worker.client = std::move(*client);
  co_return std::move(worker);
}

asio::awaitable<Result<std::unique_ptr<WorkerProcess>>> FleetHost::greet(std::vector<std::string> argv, std::string command) {
  SessionOptions session{.start_limit = options_.connect_timeout,
                         .heartbeat_limit = options_.heartbeat_timeout,
                         .worker_limit = options_.heartbeat_timeout,
                         .remote = true,
                         .worker_name = host_.host};
  const auto executor = co_await asio::this_coro::executor;
  // The ssh client may be killed at once when this process ends: the worker behind it sees the connection end, and cleans up.
  auto worker = WorkerProcess::spawn(executor, std::move(argv), true, std::move(session));
  if (!worker) co_return worker.error();
  ChildProcess& client = (*worker)->process;
  std::optional<TimeLimit> limit(std::in_place, executor, client, options_.connect_timeout);  // also if the host keeps printing
  auto started = co_await (*worker)->session.start();
  limit.reset();
  if (started) co_return std::move(*worker);
  if (started.error().code == Errc::cancelled) co_return started.error();
  co_await client.wait_or_kill(last_words_limit);
  const auto status = co_await client.wait();
  std::optional<ExitStatus> ended;
  if (status && status->signal == 0) ended = *status;  // a signal means that the client still ran and was killed
  lacks_worker_ = is_missing_command(ended, client.error_tail());
  co_return worker_error(host_.host, command, started.error(), ended, client.error_tail());
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::take_worker() {
  ++busy_;
  HostPlace busy(this);
  while (!idle_.empty()) {
    Worker worker = std::move(idle_.back());
    idle_.pop_back();
    if (!worker.client->process.running()) continue;
    worker.busy = std::move(busy);
    co_return std::move(worker);
  }
  const auto asked = AskAgain::Clock::now();
  auto worker = co_await start_worker();
  if (worker) {
    worker->busy = std::move(busy);
    co_return std::move(*worker);
  }
  busy.reset();
  if (worker.error().code != Errc::cancelled) refuse(worker.error(), asked);
  co_return worker.error();
}

asio::awaitable<void> FleetHost::give_back(Worker worker) {
  worker.busy.reset();
  if (worker.client->session.usable()) {
    idle_.push_back(std::move(worker));
    co_return;
  }
  worker.line.reset();
  worker.client->session.hang_up();
  co_await worker.client->process.wait_or_kill(last_words_limit);
}

asio::awaitable<void> FleetHost::end() {
  co_await asio::this_coro::throw_if_cancelled(false);
  TaskGroup ending(co_await asio::this_coro::executor);
  for (Worker& worker : idle_) ending.spawn(end_worker(std::move(worker)));
  idle_.clear();
  co_await ending.wait();
  if (bootstrap_) co_await bootstrap_->remove(removal_limit);
  bootstrap_.reset();
  lines_.clear();
}

}  // namespace orchestrator
