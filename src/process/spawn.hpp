#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <string_view>

namespace orchestrator {

/// A started process and this side's ends of its pipes.
struct SpawnedProcess {
  pid_t pid{-1};
  UniqueFd input{};
  UniqueFd output{};
  UniqueFd errors{};
};

/// Starts a process by vfork and exec, because fork copies a large host's page tables, and posix_spawn(3) cannot set
/// PR_SET_PDEATHSIG.
Result<SpawnedProcess> spawn_process(const SpawnOptions& options);

/// "cannot start PROGRAM: `what`REASON" for an errno, and which limit to raise if it was one. `what`: what could not be had.
Error cannot_start(const SpawnOptions& options, int error, std::string_view what = "");

}  // namespace orchestrator
