#pragma once

#include "ssh/fleet_host.hpp"

#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/worker/chunk_reports.hpp>
#include <orchestrator/worker/guarded_dir.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// The hosts of an executor, and which of them renders the next chunk. Everything on one loop, but for slots().
class Fleet {
 public:
  Fleet(const boost::asio::any_io_executor& loop, SshExecutorOptions options);

  /// Waits until all hosts have been asked once. Their refusals then count as told. Cancellation: terminal; the hosts are asked
  /// on for the next caller.
  boost::asio::awaitable<Result<std::vector<SshHostReport>>> connect();
  /// Waits until a host can render. Errors: why none can; Errc::cancelled.
  boost::asio::awaitable<Result<void>> prepare();
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  boost::asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context);
  /// Ends the workers, removes what was copied, disconnects.
  boost::asio::awaitable<void> end();
  /// The slots of all hosts as they are now. May be called on any thread.
  int slots() const noexcept { return slots_; }

 private:
  boost::asio::awaitable<Result<void>> ask_all_once();
  boost::asio::awaitable<Result<void>> await_host();
  boost::asio::awaitable<void> ask(FleetHost& host);
  void ask_those_due();
  void note_change();
  boost::asio::awaitable<void> wait_for_change();
  Result<void> begin();
  void make_hosts();
  FleetHost* pick() const;
  bool anyone_left() const;
  bool anyone_asked() const;
  Error nobody_left() const;
  void tell_news(ChunkContext& context);
  template <class T>
  using Work = std::function<boost::asio::awaitable<Result<T>>(WorkerSession& session, ChunkContext& context)>;
  /// Does `work` with the next free worker of the best host.
  template <class T>
  boost::asio::awaitable<Result<T>> somewhere(const Work<T>& work, const std::string& composition, ChunkContext& context);
  template <class T>
  boost::asio::awaitable<Result<T>> work_on(FleetHost& host, FleetHost::Worker worker, const Work<T>& work,
                                            ChunkContext& context);

  boost::asio::any_io_executor loop_;
  SshExecutorOptions options_;
  std::optional<GuardedDir> sockets_{};
  std::vector<std::unique_ptr<FleetHost>> hosts_{};
  bool begun_{false};
  bool all_asked_{false};
  LoopbackWarning loopback_warning_{"host"};
  std::optional<Error> general_failure_{};
  std::atomic<int> slots_{0};
  TaskGroup asking_;
  boost::asio::steady_timer
      changed_;  ///< never expires; cancelled when places come free or are lost, and when a host has answered
};

}  // namespace orchestrator
