#include "fleet_host.hpp"

#include "process/cancelled.hpp"
#include "protocol/worker_command.hpp"
#include "schedule/task_group.hpp"
#include "ssh_error.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;
using protocol::WorkerProcess;

namespace {

// sshd allows 10 sessions a connection (sshd_config(5), MaxSessions); two are kept for copying the worker and its lease.
constexpr std::size_t workers_per_connection = 8;
// For a worker to end its browser and remove its files. Measured locally: 0.1 ... 0.3 s.
constexpr std::chrono::milliseconds worker_exit_limit{2'500};
// For an ssh client to say how the command it ran has ended, once its streams have.
constexpr std::chrono::milliseconds last_words_limit{500};
constexpr std::chrono::milliseconds removal_limit{1'000};

asio::awaitable<void> end_worker(FleetHost::Worker worker) {
  co_await asio::this_coro::throw_if_cancelled(false);
  worker->session.hang_up();
  co_await worker->process.wait_or_kill(worker_exit_limit);
}

}  // namespace

FleetHost::FleetHost(const asio::any_io_executor& loop, SshHost host, const SshExecutorOptions& options,
                     std::filesystem::path sockets)
    : host_(std::move(host)),
      options_(options),
      sockets_(std::move(sockets)),
      report_{.host = host_.host},
      connected_(loop, asio::steady_timer::time_point::max()) {}

asio::awaitable<void> FleetHost::connect() {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto worker = co_await start_first_worker();
  if (!worker) {
    report_.refused = worker.error();
    co_return;
  }
  report_.slots = host_.slots;
  if (report_.slots == 0) report_.slots = (*worker)->session.slots();
  report_.bootstrapped = bootstrap_ != nullptr;
  idle_.push_back(std::move(*worker));
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::start_first_worker() {
  auto worker = co_await start_worker();
  if (worker || !lacks_worker_ || !options_.bootstrap) co_return worker;
  Result<std::string> program = options_.bootstrap_program.string();
  if (program->empty()) program = protocol::find_worker_program();
  if (!program) co_return program.error();
  auto open = co_await connection();
  if (!open) co_return open.error();
  auto copied = co_await Bootstrap::copy(**open, host_.host, *program);
  if (!copied) co_return copied.error();
  bootstrap_ = std::move(*copied);
  co_return co_await start_worker();
}

asio::awaitable<Result<SshConnection*>> FleetHost::connection() {
  while (connecting_) {  // workers that start at the same time share it
    boost::system::error_code woken;
    co_await connected_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (co_await is_cancelled()) co_return Error{.code = Errc::cancelled, .detail = "cancelled"};
  }
  const std::size_t others = idle_.size() + static_cast<std::size_t>(std::max(0, busy_ - 1));
  const std::size_t number = others / workers_per_connection;
  if (connections_.size() <= number) connections_.resize(number + 1);
  auto& place = connections_[number];
  if (place && place->alive()) co_return place.get();
  connecting_ = true;
  place.reset();
  auto opened = co_await SshConnection::open(host_, options_, sockets_.string() + "-" + std::to_string(number));
  connecting_ = false;
  connected_.cancel();
  if (!opened) co_return opened.error();
  connections_[number] = std::move(*opened);
  co_return connections_[number].get();
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::start_worker() {
  auto open = co_await connection();
  if (!open) co_return open.error();
  const std::string command = worker_command();
  co_return co_await greet((*open)->session(command), command);
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::greet(std::vector<std::string> argv, std::string command) {
  protocol::SessionOptions session{.start_limit = options_.connect_timeout,
                                   .heartbeat_limit = options_.heartbeat_timeout,
                                   .worker_limit = options_.heartbeat_timeout,
                                   .remote = true,
                                   .worker_name = host_.host};
  // The ssh client is no worker: what it holds ends with the connection, so it may go at once.
  auto worker = WorkerProcess::spawn(co_await asio::this_coro::executor, std::move(argv), true, std::move(session));
  if (!worker) co_return worker.error();
  auto started = co_await (*worker)->session.start();
  if (started) co_return std::move(*worker);
  if (started.error().code == Errc::cancelled) co_return started.error();
  ChildProcess& client = (*worker)->process;
  co_await client.wait_or_kill(last_words_limit);
  const auto status = co_await client.wait();
  std::optional<ExitStatus> ended;
  if (status) ended = *status;
  constexpr int not_found = 127;  // the login shell's word for it (POSIX, 2.8.2)
  lacks_worker_ = ended && ended->code == not_found;
  co_return worker_error(host_.host, command, started.error(), ended, client.error_tail());
}

asio::awaitable<Result<FleetHost::Worker>> FleetHost::take_worker() {
  ++busy_;
  while (!idle_.empty()) {
    Worker worker = std::move(idle_.back());
    idle_.pop_back();
    if (worker->process.running()) co_return worker;
  }
  auto worker = co_await start_worker();
  if (worker) co_return std::move(*worker);
  --busy_;
  if (worker.error().code != Errc::cancelled) {
    report_.slots = busy_ + static_cast<int>(idle_.size());  // what it can do, it does already
    report_.refused = worker.error();
  }
  co_return worker.error();
}

asio::awaitable<void> FleetHost::give_back(Worker worker) {
  --busy_;
  if (worker->session.usable()) {
    idle_.push_back(std::move(worker));
    co_return;
  }
  worker->session.hang_up();
  co_await worker->process.wait_or_kill(last_words_limit);
}

std::string FleetHost::connection_words() const {
  for (const auto& open : connections_) {
    if (open && !open->alive()) return open->words();
  }
  return {};
}

asio::awaitable<void> FleetHost::end() {
  co_await asio::this_coro::throw_if_cancelled(false);
  TaskGroup ending(co_await asio::this_coro::executor);
  for (Worker& worker : idle_) ending.spawn(end_worker(std::move(worker)));
  idle_.clear();
  co_await ending.wait();
  if (bootstrap_) co_await bootstrap_->remove(removal_limit);
  bootstrap_.reset();
  connections_.clear();
}

}  // namespace orchestrator
