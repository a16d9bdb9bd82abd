#include <orchestrator/worker/task_group.hpp>

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <list>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

struct TaskGroup::Tasks {
  explicit Tasks(asio::any_io_executor where) : strand(std::move(where)), empty(strand, asio::steady_timer::time_point::max()) {}

  asio::any_io_executor strand;
  asio::steady_timer empty;  // never expires; cancelled when the last task has ended
  std::list<asio::cancellation_signal> signals{};
};

TaskGroup::TaskGroup(asio::any_io_executor strand) : tasks_(std::make_unique<Tasks>(std::move(strand))) {}
TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(asio::awaitable<void> task) {
  auto signal = tasks_->signals.emplace(tasks_->signals.end());
  auto ended = [tasks = tasks_.get(), signal](const std::exception_ptr& thrown) {
    tasks->signals.erase(signal);
    if (tasks->signals.empty()) tasks->empty.cancel();
    if (thrown) std::rethrow_exception(thrown);  // a defect (or bad_alloc), for whoever runs the loop
  };
  asio::co_spawn(tasks_->strand, std::move(task), asio::bind_cancellation_slot(signal->slot(), ended));
}

void TaskGroup::cancel_all() {
  for (auto signal = tasks_->signals.begin(); signal != tasks_->signals.end();) {
    (signal++)->emit(asio::cancellation_type::terminal);
  }
}

asio::awaitable<void> TaskGroup::wait() {
  boost::system::error_code woken;
  while (!tasks_->signals.empty()) {
    co_await tasks_->empty.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

asio::awaitable<void> TaskGroup::wait_or_cancel() {
  boost::system::error_code woken;
  for (;;) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) cancel_all();
    if (tasks_->signals.empty()) co_return;
    co_await tasks_->empty.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

}  // namespace orchestrator
