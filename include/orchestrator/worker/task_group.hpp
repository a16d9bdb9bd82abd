#pragma once

#include <orchestrator/awaitable.hpp>
#include <orchestrator/export.hpp>

#include <memory>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// Coroutines that run beside each other on one strand and can be cancelled together. All of them must have ended before the
/// group is destroyed. What a task throws leaves through the strand's loop.
class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::any_io_executor strand);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();

  void spawn(Awaitable<void> task);
  /// Requests every task's cancellation; wait() tells when all have ended.
  void cancel_all();
  /// Waits until every task has ended.
  Awaitable<void> wait();
  /// As wait(), but if the waiting coroutine is cancelled, it cancels the tasks.
  Awaitable<void> wait_or_cancel();

 private:
  struct Tasks;
  std::unique_ptr<Tasks> tasks_;
};

}  // namespace v0
}  // namespace orchestrator
