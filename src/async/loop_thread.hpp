#pragma once

#include "async/run_on.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <thread>
#include <utility>

namespace orchestrator {

/// A loop with a thread of its own, for an executor: its conversations outlive single renders, whose loops come and go. What a
/// task throws that nobody waits for ends this task only, not the program.
class LoopThread {
 public:
  /// If the system gives no thread, run() says so.
  LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread() { join(); }

  boost::asio::io_context::executor_type executor() noexcept { return loop_.get_executor(); }
  const std::optional<Error>& failure() const noexcept { return failure_; }

  /// Runs `task` on the loop and comes back with its result; see run_on(). Errors: also Errc::executor_unavailable if there is no
  /// thread.
  template <class T>
  boost::asio::awaitable<Result<T>> run(boost::asio::awaitable<Result<T>> task) {
    if (failure_) co_return *failure_;
    co_return co_await run_on(executor(), std::move(task));
  }

  /// Runs `last` on the loop and waits until it and all else there has ended. Without a thread nothing was begun, and `last` is
  /// dropped.
  void end(boost::asio::awaitable<void> last);

 private:
  void run_tasks() noexcept;
  /// Waits until the loop has nothing left to do.
  void join();

  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::optional<Error> failure_{};
  std::thread thread_{};
};

}  // namespace orchestrator
