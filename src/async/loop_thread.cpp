#include "async/loop_thread.hpp"

#include "async/no_thread.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace orchestrator {

namespace asio = boost::asio;

LoopThread::LoopThread() : work_(loop_.get_executor()) {
  try {
    thread_ = std::thread([this] { run_tasks(); });
  } catch (const std::system_error& cause) {
    failure_ = no_thread(cause);
  }
}

/// An exception that comes as far as this left a task that has no caller, because run_on() brings others back to theirs. The loop
/// goes on with the other tasks (boost::asio::io_context, "Effect of exceptions thrown from handlers").
void LoopThread::run_tasks() noexcept {
  for (;;) {
    try {
      loop_.run();
      return;
    } catch (...) {
      continue;
    }
  }
}

void LoopThread::end(asio::awaitable<void> last) {
  if (!thread_.joinable()) return;
  asio::co_spawn(loop_, std::move(last), asio::detached);
  join();
}

void LoopThread::join() {
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

}  // namespace orchestrator
