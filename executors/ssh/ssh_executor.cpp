#include <orchestrator/executors/ssh_executor.hpp>

#include "async/cancelled.hpp"
#include "async/posting_context.hpp"
#include "async/run_on.hpp"
#include "async/task_group.hpp"
#include "process/guarded_dir.hpp"
#include "ssh/fleet_host.hpp"
#include "ssh/ssh_command.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// Passes on a worker's reports, and puts its host's name before its log lines.
class HostContext final : public ChunkContext {
 public:
  HostContext(const std::string& host, ChunkContext& target) : host_(host), target_(target) {}
  void progress(std::int64_t captured, std::int64_t encoded) override { target_.progress(captured, encoded); }
  void log(LogLevel level, std::string_view text) override { target_.log(level, host_ + ": " + std::string(text)); }

 private:
  const std::string& host_;
  ChunkContext& target_;
};

}  // namespace

/// The hosts, and the thread whose loop talks to them: they outlive single renders, whose loops come and go.
struct SshExecutor::Fleet {
  explicit Fleet(SshExecutorOptions chosen)
      : options(std::move(chosen)),
        work(loop.get_executor()),
        connecting(loop.get_executor()),
        changed(loop, asio::steady_timer::time_point::max()),
        thread([this] { loop.run(); }) {}

  ~Fleet() {
    asio::co_spawn(loop, end(), asio::detached);
    thread.join();
  }

  asio::awaitable<void> end() {
    connecting.cancel_all();
    while (is_connecting()) co_await wait_for_change();
    TaskGroup ending(loop.get_executor());
    for (const auto& host : hosts) ending.spawn(host->end());
    co_await ending.wait();
    sockets.reset();
    work.reset();
  }

  bool is_connecting() const noexcept { return state == State::connecting; }

  asio::awaitable<void> wait_for_change() {
    boost::system::error_code woken;
    co_await changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }

  /// Waits until all hosts have been tried. Cancellation: terminal; the attempts go on for the next caller.
  asio::awaitable<Result<void>> connect() {
    co_await asio::this_coro::throw_if_cancelled(false);
    if (state == State::fresh) {
      state = State::connecting;
      make_hosts();
      asio::co_spawn(loop, try_hosts(), asio::detached);
    }
    bool stopped = co_await is_cancelled();
    while (is_connecting() && !stopped) {
      co_await wait_for_change();
      stopped = co_await is_cancelled();
    }
    Result<void> result;
    if (is_connecting()) result = cancelled_error(Stage::start, "cancelled while connecting");
    co_return result;
  }

  asio::awaitable<void> try_hosts() {
    for (const auto& host : hosts) connecting.spawn(host->connect());
    co_await connecting.wait();
    for (const auto& host : hosts) reports.push_back(host->report());
    state = State::connected;
    changed.cancel();
  }

  /// Control sockets go into /tmp whatever TMPDIR says: a socket's path must be short (unix(7)), and ssh appends to it while it
  /// binds the socket.
  void make_hosts() {
    auto folder = GuardedDir::create(loop.get_executor(), "/tmp", "orchestrator-ssh-");
    if (!folder) {
      general_failure = folder.error();
      return;
    }
    sockets.emplace(std::move(*folder));
    for (const SshHost& host : options.hosts) {
      if (auto checked = validate_ssh_host(host); !checked) {
        general_failure = checked.error();
        return hosts.clear();
      }
      const auto name = std::to_string(hosts.size());
      hosts.push_back(std::make_unique<FleetHost>(loop.get_executor(), host, options, sockets->path() / name));
    }
  }

  FleetHost* pick() const {
    FleetHost* best = nullptr;
    for (const auto& host : hosts) {
      if (host->free_places() <= 0) continue;
      const bool better =
          best == nullptr || host->weight() > best->weight() || (host->weight() == best->weight() && host->load() < best->load());
      if (better) best = host.get();
    }
    return best;
  }

  bool anyone_left() const {
    return std::any_of(hosts.begin(), hosts.end(), [](const auto& host) { return host->report().slots > 0; });
  }

  Error nobody_left() const {
    if (general_failure) return *general_failure;
    Error error{.code = Errc::executor_unavailable, .detail = "no host can render", .stage = Stage::start};
    if (hosts.empty()) error.detail = "no hosts were given (SshExecutorOptions::hosts)";
    for (const auto& host : hosts) {
      if (!host->report().refused) continue;
      error.detail += "; " + host->report().refused->detail;
      if (error.output_tail.empty()) error.output_tail = host->report().refused->output_tail;
    }
    return error;
  }

  /// Logs each refusal once, with the chunk that comes first.
  void tell_refusals(ChunkContext& context) {
    told.resize(hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      if (!hosts[i]->report().refused || told[i]) continue;
      told[i] = true;
      const bool takes_part = hosts[i]->report().slots > 0;
      context.log(LogLevel::warning, hosts[i]->report().refused->detail +
                                         (takes_part ? " (it goes on with fewer workers)" : " (the render goes on without it)"));
    }
  }

  /// Warns once of a loopback URL, which means another server on each host.
  void tell_loopback(const std::string& composition, ChunkContext& context) {
    if (loopback_told || !is_loopback_url(composition)) return;
    loopback_told = true;
    context.log(LogLevel::warning, composition +
                                       " is another server on each host: give the composition's folder, or an address "
                                       "that the hosts can reach");
  }

  asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context) {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto connected = co_await connect();
    if (!connected) co_return connected.error();
    for (;;) {
      if (co_await is_cancelled()) co_return cancelled_error(Stage::start);
      if (!anyone_left()) co_return nobody_left();
      tell_refusals(context);
      tell_loopback(job.composition, context);
      FleetHost* const host = pick();
      if (host == nullptr) {
        co_await wait_for_change();
        continue;
      }
      auto worker = co_await host->take_worker();
      if (!worker) {
        changed.cancel();  // the host has fewer places now, or none: those who wait for one must look again
        continue;
      }
      co_return co_await render_on(*host, std::move(*worker), job, context);
    }
  }

  asio::awaitable<Result<ChunkResult>> render_on(FleetHost& host, FleetHost::Worker worker, const ChunkJob& job,
                                                 ChunkContext& context) {
    HostContext named(host.report().host, context);
    auto result = co_await worker.client->session.run(job, named);
    const bool is_lost = !worker.client->session.usable();
    const std::string words = worker.client->process.error_tail();
    co_await host.give_back(std::move(worker));
    changed.cancel();
    if (result || !is_lost || result.error().code != Errc::executor_unavailable) co_return result;
    Error error = result.error();
    error.detail = "lost the worker: " + error.detail + "; was it killed, or is the host out of memory or out of reach?";
    error.output_tail = words + host.connection_words();
    co_return error;
  }

  enum class State { fresh, connecting, connected };

  SshExecutorOptions options;
  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::optional<GuardedDir> sockets{};
  std::vector<std::unique_ptr<FleetHost>> hosts{};
  std::vector<bool> told{};
  bool loopback_told{false};
  std::optional<Error> general_failure{};
  std::vector<SshHostReport> reports{};    ///< never changed once connected
  std::atomic<State> state{State::fresh};  ///< written by the loop; once it is `connected`, any thread may read `reports`
  TaskGroup connecting;
  asio::steady_timer changed;  ///< never expires; cancelled when places come free or are lost, and when the hosts are connected
  std::thread thread;
};

SshExecutor::SshExecutor(SshExecutorOptions options) : fleet_(std::make_unique<Fleet>(std::move(options))) {}
SshExecutor::~SshExecutor() = default;

Result<std::vector<SshHostReport>> SshExecutor::connect(const std::stop_token& stop) {
  asio::cancellation_signal cancel;  // emitted on the loop's thread only
  auto done = asio::co_spawn(fleet_->loop, fleet_->connect(), asio::bind_cancellation_slot(cancel.slot(), asio::use_future));
  const std::stop_callback give_up(stop,
                                   [&] { asio::post(fleet_->loop, [&] { cancel.emit(asio::cancellation_type::terminal); }); });
  const Result<void> connected = done.get();
  // What the callback has posted refers to the signal; it has run when `settle` has. The refusals count as told, because the
  // caller gets them in the reports.
  auto settle = [this] { fleet_->told.assign(fleet_->hosts.size(), true); };
  asio::post(fleet_->loop, asio::use_future(settle)).get();
  if (!connected) return connected.error();
  return fleet_->reports;
}

asio::awaitable<Result<void>> SshExecutor::prepare() {
  auto connected = co_await run_on(fleet_->loop.get_executor(), fleet_->connect());
  if (connected && !fleet_->anyone_left()) connected = fleet_->nobody_left();
  co_return connected;
}

ExecutorCapabilities SshExecutor::capabilities() const {
  int slots = 0;
  if (fleet_->state == Fleet::State::connected) {
    for (const SshHostReport& host : fleet_->reports) slots += host.slots;
  }
  return {.slots = std::max(1, slots), .warm_slots = true};
}

asio::awaitable<Result<ChunkResult>> SshExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation gives an error, which names the worker, not an exception
  PostingContext posting(co_await asio::this_coro::executor, context);
  co_return co_await run_on(fleet_->loop.get_executor(), fleet_->render(std::move(job), posting));
}

}  // namespace orchestrator
