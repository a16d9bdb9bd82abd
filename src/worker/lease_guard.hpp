#pragma once

namespace orchestrator {

/// From now on this process is killed if it still runs some seconds after the other end of `input_fd` was closed: then its
/// loop hangs, and a host on another machine cannot kill it. What it started dies with it.
void guard_lease(int input_fd);

}  // namespace orchestrator
