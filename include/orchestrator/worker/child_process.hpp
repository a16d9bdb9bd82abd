#pragma once

#include <orchestrator/awaitable.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/worker/unique_fd.hpp>

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace boost::asio::posix {
template <class Executor>
class basic_stream_descriptor;  // <boost/asio/posix/basic_stream_descriptor.hpp>
}  // namespace boost::asio::posix

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// What a child's descriptor is connected to.
struct Stdio {
  enum class Kind { null, pipe, inherit, fd } kind{Kind::null};
  int fd{-1};  ///< for Kind::fd; stays owned by the caller
};

struct SpawnOptions {
  std::vector<std::string> argv{};  ///< argv[0] is looked up on PATH unless it has a slash; never a shell string
  std::vector<std::pair<std::string, std::string>> environment{};  ///< added to this process's own, which it overrides
  std::string folder{};                                            ///< the working folder; empty: this process's
  Stdio input{};
  Stdio output{};
  bool capture_errors{true};                     ///< keep the tail of stderr (false: inherit stderr)
  std::vector<std::pair<int, int>> extra_fds{};  ///< {descriptor here, number in the child}
  bool own_group{false};                         ///< leader of a new group: kill() reaches it all, and it ends with the child
  bool die_with_parent{true};                    ///< SIGKILL when the thread that spawned it ends (prctl(2) PR_SET_PDEATHSIG)
};

struct ExitStatus {
  static constexpr int lost = -1;  ///< value of `code` if the child's exit status is not known
  int code{0};                     ///< exit code, if it exited
  int signal{0};                   ///< signal, if one ended it
  bool success() const noexcept { return code == 0 && signal == 0; }
};
/// "exit status 1", "signal 9 (Killed)"
std::string to_string(ExitStatus status);

/// A child process. Every descriptor not named in SpawnOptions is closed in the child. Not thread-safe.
/// The destructor kills (the group, if own_group) with SIGKILL. It does not block, unless the system gives no thread to reap
/// with.
class ChildProcess {
 public:
  /// Errors: Errc::internal with `detail` "cannot start PROGRAM: reason"; callers replace code and stage.
  static Result<ChildProcess> spawn(boost::asio::any_io_executor executor, const SpawnOptions& options);
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();

  pid_t pid() const noexcept;
  /// Pipes to the child, if asked for.
  boost::asio::posix::basic_stream_descriptor<boost::asio::any_io_executor>& input();
  boost::asio::posix::basic_stream_descriptor<boost::asio::any_io_executor>& output();
  /// Gives up the write end of stdin, in blocking mode, for a thread that feeds it.
  UniqueFd take_input();

  /// What the child writes until it ends or closes its output, at most 64 MiB, and closes the pipe. The memory for it is got in
  /// this coroutine, and not in Asio's handlers: bad_alloc from there would end the loop, and nobody would learn of the child's
  /// end. Cancellation: terminal; the child runs on.
  Awaitable<std::string> read_output();
  /// Waits until the child has ended. Cancellation: terminal; the child runs on.
  Awaitable<Result<ExitStatus>> wait();
  bool running() const noexcept;
  void kill(int signal) noexcept;
  /// Closes its pipes and leaves it to itself: it is not killed with this object, which is of no more use.
  void let_go() noexcept;
  /// Sends SIGTERM, and SIGKILL if the child still runs after `grace`. Returns when the child has ended and was reaped.
  Awaitable<void> stop(std::chrono::milliseconds grace);
  /// Gives the child `limit` to end by itself, then sends SIGKILL.
  Awaitable<void> wait_or_kill(std::chrono::milliseconds limit);
  /// The last lines of stderr so far, at most 4 KiB, valid UTF-8.
  std::string error_tail() const;
  /// User + system time of the child and the descendants it waited for; 0 until wait() or stop() has seen it end.
  std::chrono::microseconds ended_cpu() const noexcept;
  struct State;

 private:
  explicit ChildProcess(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

struct ProgramOutput {
  ExitStatus status{};
  std::string output{};  ///< stdout, at most 64 MiB
  std::string error_tail{};
  bool timed_out{false};  ///< the program was killed because it took longer than `limit`
};
/// Runs a program to its end; whoever holds its output then is not waited for. Cancellation: terminal; the program is killed, and
/// Errc::cancelled returned. With `own_group`, what a script around the program started is killed as well; without, it may ask
/// its user something at the terminal (a process of a background group is stopped when it reads from there).
Awaitable<Result<ProgramOutput>> run_program(SpawnOptions options, std::optional<std::chrono::milliseconds> limit = std::nullopt);

/// Full path of a program on PATH, or empty.
std::string find_program(std::string_view name);

}  // namespace v0
}  // namespace orchestrator
