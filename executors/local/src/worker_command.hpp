#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <vector>

namespace orchestrator {

/// The command that starts a worker on this machine. Errors: Errc::executor_unavailable if there is none.
Result<std::vector<std::string>> find_worker_command(const std::vector<std::string>& chosen);

}  // namespace orchestrator
