#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/worker/unique_fd.hpp>

namespace orchestrator {

// What workers, guards and encoders are connected by. They end when their input ends, that is, when no process has the other end
// open any more. So each of these descriptors is close-on-exec, and is closed in a process that the user's program makes by
// fork(2) without exec, at once (pthread_atfork(3)): such a process may outlive this one.

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};
Result<Pipe> make_pipe();

struct SocketPair {
  UniqueFd ours;
  UniqueFd theirs;
};
Result<SocketPair> make_socket_pair();

/// A duplicate with a number of at least `lowest`; empty, with errno, if there can be none.
UniqueFd duplicate(int fd, int lowest = 0);

}  // namespace orchestrator
