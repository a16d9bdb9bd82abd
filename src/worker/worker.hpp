#pragma once

namespace orchestrator {

/// The worker process: speaks docs/worker-protocol.md on the two descriptors until the input ends. Takes over SIGTERM, SIGINT
/// and SIGPIPE of the process. Returns the process's exit status.
int run_worker(int input_fd, int output_fd);

}  // namespace orchestrator
