#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>

#include <chrono>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// 31 years. A clock's nanoseconds since boot plus so many fit 64 bits; with more, a time limit would be over before it begins.
constexpr std::chrono::seconds longest_time{1'000'000'000};

/// Checks a time among an executor's options. Errors: Errc::invalid_options, naming it.
Result<void> check_time(const std::string& name, std::chrono::milliseconds time, std::chrono::milliseconds shortest);

/// Checks an executor's `heartbeat_timeout`, at least 1 s: five heartbeats of a worker have to fit. Errors:
/// Errc::invalid_options.
Result<void> check_heartbeat_timeout(std::chrono::milliseconds timeout);

}  // namespace v0
}  // namespace orchestrator
