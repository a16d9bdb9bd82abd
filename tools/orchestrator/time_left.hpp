#pragma once

#include <orchestrator/error.hpp>

#include <chrono>

namespace orchestrator::tool {

/// What is left of `total`, the time for all that the command does (timeouts.total; 0: any time), after it has been getting ready
/// since `start`. Errors: Errc::timed_out if nothing is.
Result<std::chrono::milliseconds> time_left(std::chrono::milliseconds total, std::chrono::steady_clock::time_point start);

}  // namespace orchestrator::tool
