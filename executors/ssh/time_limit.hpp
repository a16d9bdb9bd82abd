#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <memory>

namespace orchestrator {

/// Kills a process that still runs after `limit`, so that those who wait for it see its end. Destroying this object lifts the
/// limit.
class TimeLimit {
 public:
  TimeLimit(const boost::asio::any_io_executor& executor, ChildProcess& process, std::chrono::milliseconds limit)
      : timer_(executor, limit), process_(std::make_shared<ChildProcess*>(&process)) {
    timer_.async_wait([process = process_](boost::system::error_code stopped) {
      if (!stopped && *process != nullptr) (*process)->kill(SIGKILL);
    });
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit() { *process_ = nullptr; }

 private:
  boost::asio::steady_timer timer_;
  std::shared_ptr<ChildProcess*> process_;  // null once lifted: the handler of a timer that has just expired still runs
};

}  // namespace orchestrator
