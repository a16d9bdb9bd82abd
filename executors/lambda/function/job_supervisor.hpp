#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace orchestrator::lambda {

/// Runs one job and its watchers, any of which may end the job early. Everything on one thread.
class JobSupervisor {
 public:
  explicit JobSupervisor(boost::asio::any_io_executor executor) : executor_(executor), watchers_(executor) {}

  /// Runs `watcher` beside the job, and cancels it (terminal) when the job has ended. It must not throw.
  void watch(boost::asio::awaitable<void> watcher) { watchers_.spawn(std::move(watcher)); }
  /// Ends the job, if it has not ended. The first reason counts.
  void stop(Error reason);

  /// The job's result; if it was stopped before it had one, the reason. Cancellation of the job is terminal.
  template <class T>
  boost::asio::awaitable<Result<T>> run(boost::asio::awaitable<Result<T>> job) {
    auto slotted = boost::asio::bind_cancellation_slot(cancel_.slot(), boost::asio::use_awaitable);
    std::exception_ptr thrown;
    std::optional<Result<T>> result;
    try {
      result = co_await boost::asio::co_spawn(executor_, std::move(job), std::move(slotted));
    } catch (...) {
      thrown = std::current_exception();
    }
    ended_ = true;
    watchers_.cancel_all();
    co_await watchers_.wait();
    if (thrown) std::rethrow_exception(thrown);
    if (!*result && reason_) co_return *reason_;
    co_return std::move(*result);
  }

 private:
  boost::asio::awaitable<void> insist();

  boost::asio::any_io_executor executor_;
  TaskGroup watchers_;
  boost::asio::cancellation_signal cancel_{};
  std::optional<Error> reason_{};
  bool ended_{false};
};

/// Calls `beat` after each `interval`, until cancelled.
boost::asio::awaitable<void> call_every(std::chrono::milliseconds interval, std::function<void()> beat);
/// Calls `reach` at this time.
boost::asio::awaitable<void> call_at(std::chrono::system_clock::time_point time, std::function<void()> reach);

}  // namespace orchestrator::lambda
