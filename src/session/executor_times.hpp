#pragma once

#include "base/time_bounds.hpp"
#include "protocol/message_channel.hpp"

namespace orchestrator {

/// Checks an executor's `heartbeat_timeout`: five heartbeats of a worker have to fit. Errors: Errc::invalid_options.
inline Result<void> check_heartbeat_timeout(std::chrono::milliseconds timeout) {
  return check_time("heartbeat_timeout", timeout, 5 * protocol::unasked_heartbeat_interval);
}

}  // namespace orchestrator
