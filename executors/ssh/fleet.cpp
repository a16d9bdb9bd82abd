#include "ssh/fleet.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/chunk_reports.hpp>
#include <orchestrator/worker/option_checks.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

Result<void> check_times(const SshExecutorOptions& options) {
  if (auto valid = check_heartbeat_timeout(options.heartbeat_timeout); !valid) return valid;
  return check_time("connect_timeout", options.connect_timeout, std::chrono::milliseconds(1));
}

}  // namespace

Fleet::Fleet(const asio::any_io_executor& loop, SshExecutorOptions options)
    : loop_(loop), options_(std::move(options)), asking_(loop), changed_(loop, asio::steady_timer::time_point::max()) {}

asio::awaitable<void> Fleet::end() {
  asking_.cancel_all();
  co_await asking_.wait();
  TaskGroup ending(loop_);
  for (const auto& host : hosts_) ending.spawn(host->end());
  co_await ending.wait();
  sockets_.reset();
}

void Fleet::make_hosts() {
  if (auto valid = check_times(options_); !valid) {
    general_failure_ = valid.error();
    return;
  }
  for (const SshHost& host : options_.hosts) {
    if (auto checked = validate_ssh_host(host); !checked) {
      general_failure_ = checked.error();
      return hosts_.clear();
    }
    const auto name = std::to_string(hosts_.size());
    hosts_.push_back(std::make_unique<FleetHost>(loop_, host, options_, sockets_->path() / name));
  }
}

void Fleet::note_change() {
  int slots = 0;
  for (const auto& host : hosts_) slots += host->report().slots;
  slots_ = slots;
  changed_.cancel();
}

asio::awaitable<void> Fleet::wait_for_change() {
  boost::system::error_code woken;
  co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> Fleet::ask(FleetHost& host) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await host.ask();
  note_change();
}

void Fleet::ask_those_due() {
  const bool urgent = !anyone_left();
  for (const auto& host : hosts_) {
    if (host->claim_ask(urgent)) asking_.spawn(ask(*host));
  }
}

/// Control sockets go into /tmp whatever TMPDIR says: a socket's path must be short (unix(7)), and ssh appends to it while it
/// binds the socket.
Result<void> Fleet::begin() {
  auto folder = GuardedDir::create(loop_, "/tmp", "orchestrator-ssh-");
  if (!folder) {
    Error error = folder.error();
    error.code = Errc::executor_unavailable;  // this machine's, and a later render may find it mended
    return error;
  }
  sockets_.emplace(std::move(*folder));
  begun_ = true;
  make_hosts();
  ask_those_due();
  return {};
}

asio::awaitable<Result<void>> Fleet::ask_all_once() {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (!begun_) {
    if (auto begun = begin(); !begun) co_return begun.error();
  }
  while (!all_asked_ && anyone_asked()) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::start, "cancelled while connecting");
    co_await wait_for_change();
  }
  all_asked_ = true;
  Result<void> done;
  co_return done;
}

asio::awaitable<Result<std::vector<SshHostReport>>> Fleet::connect() {
  auto asked = co_await ask_all_once();
  if (!asked) co_return asked.error();
  std::vector<SshHostReport> reports;
  for (const auto& host : hosts_) {
    reports.push_back(host->report());
    host->take_news();
  }
  co_return reports;
}

asio::awaitable<Result<void>> Fleet::prepare() {
  auto asked = co_await ask_all_once();
  if (!asked) co_return asked.error();
  co_return co_await await_host();
}

/// Asks hosts again that have refused. Waits for what they say only if no other host can render.
asio::awaitable<Result<void>> Fleet::await_host() {
  ask_those_due();
  while (!anyone_left() && anyone_asked()) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::start, "cancelled while connecting");
    co_await wait_for_change();
  }
  Result<void> someone;
  if (!anyone_left()) someone = nobody_left();
  co_return someone;
}

FleetHost* Fleet::pick() const {
  FleetHost* best = nullptr;
  for (const auto& host : hosts_) {
    if (host->free_places() <= 0) continue;
    const bool better =
        best == nullptr || host->weight() > best->weight() || (host->weight() == best->weight() && host->load() < best->load());
    if (better) best = host.get();
  }
  return best;
}

bool Fleet::anyone_left() const {
  return std::any_of(hosts_.begin(), hosts_.end(), [](const auto& host) { return host->report().slots > 0; });
}

bool Fleet::anyone_asked() const {
  return std::any_of(hosts_.begin(), hosts_.end(), [](const auto& host) { return host->is_being_asked(); });
}

Error Fleet::nobody_left() const {
  if (general_failure_) return *general_failure_;
  Error error{.code = Errc::executor_unavailable, .detail = "no host can render", .stage = Stage::start};
  if (hosts_.empty()) error.detail = "no hosts were given (SshExecutorOptions::hosts)";
  for (const auto& host : hosts_) {
    if (!host->report().refused) continue;
    error.detail += "; " + host->report().refused->detail;
    if (error.output_tail.empty()) error.output_tail = host->report().refused->output_tail;
  }
  return error;
}

/// Logs what has become of the hosts, with the chunk that comes first.
void Fleet::tell_news(ChunkContext& context) {
  for (const auto& host : hosts_) {
    if (const auto news = host->take_news()) context.log(news->level, news->text);
  }
}

asio::awaitable<Result<ChunkResult>> Fleet::render(ChunkJob job, ChunkContext& context) {
  const Work<ChunkResult> run = [&](WorkerSession& session, ChunkContext& named) { return session.run(job, named); };
  co_return co_await somewhere(run, job.composition, context);
}

asio::awaitable<Result<CompositionDescription>> Fleet::describe(DescribeJob job, ChunkContext& context) {
  const Work<CompositionDescription> look = [&](WorkerSession& session, ChunkContext& named) {
    return session.describe(job, named);
  };
  co_return co_await somewhere(look, job.composition, context);
}

template <class T>
asio::awaitable<Result<T>> Fleet::somewhere(const Work<T>& work, const std::string& composition, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto connected = co_await ask_all_once();
  if (!connected) co_return connected.error();
  for (;;) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::start);
    auto someone = co_await await_host();
    if (!someone) co_return someone.error();
    tell_news(context);
    loopback_warning_.look_at(composition, context);
    FleetHost* const host = pick();
    if (host == nullptr) {
      co_await wait_for_change();
      continue;
    }
    auto worker = co_await host->take_worker();
    if (!worker) {
      note_change();  // the host has fewer places now, or none: those who wait for one must look again
      continue;
    }
    co_return co_await work_on(*host, std::move(*worker), work, context);
  }
}

template <class T>
asio::awaitable<Result<T>> Fleet::work_on(FleetHost& host, FleetHost::Worker worker, const Work<T>& work, ChunkContext& context) {
  NamedContext named(host.report().host, context);
  auto result = co_await work(worker.client->session, named);
  const bool is_lost = !worker.client->session.usable();
  const std::string words = worker.client->process.error_tail();
  const auto connection = worker.connection;
  co_await host.give_back(std::move(worker));
  note_change();
  if (result || !is_lost || result.error().code != Errc::executor_unavailable) co_return result;
  Error error = result.error();
  error.detail = "lost the worker: " + error.detail + "; was it killed, or is the host out of memory or out of reach?";
  error.output_tail = words;
  if (!connection->alive()) error.output_tail += connection->words();
  co_return error;
}

}  // namespace orchestrator
