#include <orchestrator/executors/ssh_executor.hpp>

#include "ssh/fleet.hpp"

#include <orchestrator/worker/loop_thread.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;

/// The hosts, and the thread whose loop talks to them.
struct SshExecutor::Hosts {
  explicit Hosts(SshExecutorOptions options) : fleet(thread.executor(), std::move(options)) {}
  ~Hosts() { thread.end(fleet.end()); }

  LoopThread thread{};
  Fleet fleet;
};

SshExecutor::SshExecutor(SshExecutorOptions options) : hosts_(std::make_unique<Hosts>(std::move(options))) {}
SshExecutor::~SshExecutor() = default;

Result<std::vector<SshHostReport>> SshExecutor::connect(const std::stop_token& stop) {
  if (hosts_->thread.failure()) return *hosts_->thread.failure();
  const auto loop = hosts_->thread.executor();
  asio::cancellation_signal cancel;  // emitted on the loop's thread only
  auto done = asio::co_spawn(loop, hosts_->fleet.connect(), asio::bind_cancellation_slot(cancel.slot(), asio::use_future));
  {
    const std::stop_callback give_up(stop, [&] { asio::post(loop, [&] { cancel.emit(asio::cancellation_type::terminal); }); });
    done.wait();
  }
  // What the callback has posted refers to the signal; it has run when this has.
  asio::post(loop, asio::use_future([] {})).get();
  return done.get();
}

asio::awaitable<Result<void>> SshExecutor::prepare() { co_return co_await hosts_->thread.run(hosts_->fleet.prepare()); }

ExecutorCapabilities SshExecutor::capabilities() const {
  return {.slots = std::max(1, hosts_->fleet.slots()), .warm_slots = true, .describes = true};
}

asio::awaitable<Result<ChunkResult>> SshExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  auto render = [&fleet = hosts_->fleet, job = std::move(job)](ChunkContext& posting) { return fleet.render(job, posting); };
  return hosts_->thread.render_chunk(std::move(render), context);
}

asio::awaitable<Result<CompositionDescription>> SshExecutor::describe(DescribeJob job, ChunkContext& context) {
  auto describe = [&fleet = hosts_->fleet, job = std::move(job)](ChunkContext& posting) { return fleet.describe(job, posting); };
  return hosts_->thread.describe(std::move(describe), context);
}

}  // namespace orchestrator
