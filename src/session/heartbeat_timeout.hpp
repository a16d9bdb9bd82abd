#pragma once

#include "protocol/message_channel.hpp"

#include <string>

namespace orchestrator {

/// Checks an executor's `heartbeat_timeout`: five heartbeats of a worker have to fit. Errors: Errc::invalid_options.
inline Result<void> validate_heartbeat_timeout(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds shortest = 5 * protocol::unasked_heartbeat_interval;
  constexpr std::chrono::seconds longest{1'000'000'000};  // 31 years, as for the timeouts of a render
  if (timeout >= shortest && timeout <= longest) return {};
  return Error{
      .code = Errc::invalid_options,
      .detail = "heartbeat_timeout is " + std::to_string(timeout.count()) + " ms, it must be 1,000 ms ... 1,000,000,000 s",
      .stage = Stage::start};
}

}  // namespace orchestrator
