#pragma once

#include <orchestrator/error.hpp>

#include <string>

namespace orchestrator {

/// The program whose `worker` command renders: $ORCHESTRATOR_WORKER, else the `orchestrator` beside this program, the installed
/// one, or the one on PATH. Errors: Errc::executor_unavailable if there is none.
Result<std::string> find_worker_program();

}  // namespace orchestrator
