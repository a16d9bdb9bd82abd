#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <vector>

namespace orchestrator {

/// What a worker says of its machine in its hello.
struct WorkerTraits {
  int slots{0};                        ///< chunks the machine renders well at the same time; 0: not said
  std::vector<std::string> missing{};  ///< what the machine lacks for rendering, a sentence each
};

/// The worker process: speaks docs/worker-protocol.md on the two descriptors until the input ends. Takes over SIGTERM, SIGINT
/// and SIGPIPE of the process. Errors: Errc::internal, what a defect threw; the host is not told of it any more.
Result<void> run_worker(int input_fd, int output_fd, WorkerTraits traits);

}  // namespace orchestrator
