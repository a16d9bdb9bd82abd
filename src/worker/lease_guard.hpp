#pragma once

namespace orchestrator {

/// From now on, this process is killed if it still runs 5 s after the other end of `input_fd` was closed: its loop hangs then,
/// and a host on another machine cannot kill it. Its child processes die with it (PR_SET_PDEATHSIG).
void guard_lease(int input_fd);

}  // namespace orchestrator
