#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/headers_path.hpp>

#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// The program whose `worker` command renders: $ORCHESTRATOR_WORKER; else the `orchestrator` beside this program, the one
/// installed with this library, or the one on PATH. Errors: Errc::executor_unavailable if there is none, with the places.
Result<std::string> find_worker_program();

/// How many workers this machine runs well: cores - 1 (of those that this process may use), fewer if memory is short (1,000 MiB
/// each, of MemAvailable or the control group's limit), at least 1.
int workers_of_this_machine();

}  // namespace v0
}  // namespace orchestrator
