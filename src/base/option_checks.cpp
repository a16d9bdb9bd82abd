#include <orchestrator/worker/option_checks.hpp>

#include "base/invalid_options.hpp"

namespace orchestrator {

Result<void> v0::check_time(const std::string& name, std::chrono::milliseconds time, std::chrono::milliseconds shortest) {
  if (time >= shortest && time <= longest_time) return {};
  return invalid_options(name + " is " + std::to_string(time.count()) + " ms, it must be " + std::to_string(shortest.count()) +
                         " ms ... 1,000,000,000 s");
}

Result<void> v0::check_heartbeat_timeout(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds heartbeat{200};  // docs/worker-protocol.md, "Heartbeats"
  return check_time("heartbeat_timeout", timeout, 5 * heartbeat);
}

}  // namespace orchestrator
