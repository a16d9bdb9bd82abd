#pragma once

#include "process/child_process.hpp"

#include <boost/asio/steady_timer.hpp>

#include <csignal>

namespace orchestrator {

/// Kills a process that still runs after `limit`, so that those who wait for it see its end. Destroying this object lifts the
/// limit.
class TimeLimit {
 public:
  TimeLimit(const boost::asio::any_io_executor& executor, ChildProcess& process, std::chrono::milliseconds limit)
      : timer_(executor, limit) {
    timer_.async_wait([&process](boost::system::error_code stopped) {
      if (!stopped) process.kill(SIGKILL);
    });
  }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace orchestrator
