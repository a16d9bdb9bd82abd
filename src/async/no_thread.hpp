#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <system_error>

namespace orchestrator {

/// The error for a std::thread that the system did not give.
inline Error no_thread(const std::system_error& cause) {
  return Error{.code = Errc::executor_unavailable,
               .detail = "no thread could be started: " + cause.code().message() +
                         ": raise the limit of processes or of memory (ulimit -u, ulimit -v, the control group's pids.max)",
               .stage = Stage::start};
}

}  // namespace orchestrator
