#include "process/spawn.hpp"

#include "base/machine_fault.hpp"
#include "process/descriptors.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>

extern char** environ;

#ifdef __SANITIZE_THREAD__
// ThreadSanitizer makes a fork of vfork: exec_errno would be lost, and what is registered for forks (descriptors.cpp) would run.
// This is glibc's own.
extern "C" [[gnu::returns_twice]] pid_t __vfork();
#define ORCHESTRATOR_VFORK ::__vfork
#else
#define ORCHESTRATOR_VFORK ::vfork
#endif
// The child ends in the middle of functions, which ThreadSanitizer would take for calls of the parent that never return.
#define ORCHESTRATOR_IN_CHILD __attribute__((no_sanitize("thread")))

namespace orchestrator {

namespace {

/// Everything the child needs, made before vfork: between vfork and exec only async-signal-safe calls are allowed
/// (vfork(2)), and the child runs in the parent's memory.
struct ChildPlan {
  std::string program{};
  std::string folder{};
  std::vector<char*> argv{};
  std::vector<char*> envp{};
  std::vector<std::pair<int, int>> moves{};  // {descriptor here, number in the child}
  int highest_fd{2};
  bool own_group{false};
  bool die_with_parent{false};
  pid_t parent{0};
};

std::vector<std::string> merged_environment(const SpawnOptions& options) {
  std::map<std::string, std::string> merged;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string::npos) merged[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : options.environment) merged[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : merged) lines.push_back(name + "=" + value);
  return lines;
}

/// To the kernel itself, as everything of which a wrapper may keep accounts: those of a sanitizer lie in the parent's memory.
void reset_signals() {
  constexpr unsigned long default_action[8]{};  // SIG_DFL without flags, restorer and mask
  constexpr std::size_t mask_size = (NSIG - 1) / 8;
  constexpr unsigned char no_signals[mask_size]{};
  for (int signal = 1; signal < NSIG; ++signal) ::syscall(SYS_rt_sigaction, signal, default_action, nullptr, mask_size);
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, no_signals, nullptr, mask_size);
}

bool is_target(const ChildPlan& plan, int fd) {
  return std::any_of(plan.moves.begin(), plan.moves.end(), [fd](const auto& move) { return move.second == fd; });
}

[[noreturn]] ORCHESTRATOR_IN_CHILD void exit_child() {
  for (;;) ::syscall(SYS_exit_group, 127);
}

[[noreturn]] ORCHESTRATOR_IN_CHILD void exit_with(volatile int& exec_errno) {
  exec_errno = errno;
  exit_child();
}

[[noreturn]] ORCHESTRATOR_IN_CHILD void run_child(const ChildPlan& plan, volatile int& exec_errno) {
  if (plan.own_group) ::setpgid(0, 0);
  if (plan.die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != plan.parent) exit_child();  // the parent died before the prctl
  }
  if (!plan.folder.empty() && ::chdir(plan.folder.c_str()) != 0) exit_with(exec_errno);
  for (const auto& [from, to] : plan.moves) {
    if (::syscall(SYS_dup3, from, to, 0) < 0) exit_with(exec_errno);
  }
  for (int fd = STDERR_FILENO + 1; fd < plan.highest_fd; ++fd) {
    if (!is_target(plan, fd)) ::syscall(SYS_close, fd);
  }
  ::syscall(SYS_close_range, static_cast<unsigned>(plan.highest_fd + 1), ~0U, 0);
  reset_signals();
  ::execve(plan.program.c_str(), plan.argv.data(), plan.envp.data());
  exit_with(exec_errno);
}

/// A separate function, so that no local of the caller lives in a register that the child may overwrite.
[[gnu::noinline]] pid_t vfork_child(const ChildPlan& plan, volatile int& exec_errno) {
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours may run in the child
  const pid_t pid = ORCHESTRATOR_VFORK();
  if (pid == 0) run_child(plan, exec_errno);
  const int fork_errno = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = fork_errno;
  return pid;
}

/// Descriptors are first duplicated above every target number, so that no dup2 overwrites one that is still needed.
class FdMoves {
 public:
  explicit FdMoves(int highest_target) : lowest_(highest_target + 1) {}
  bool add(int from, int to) {
    UniqueFd high = duplicate(from, lowest_);
    if (!high) {
      if (errno == EINVAL) errno = EMFILE;  // fcntl(2): the limit on open files is below lowest_
      return false;
    }
    moves_.emplace_back(high.get(), to);
    owned_.push_back(std::move(high));
    return true;
  }
  const std::vector<std::pair<int, int>>& list() const { return moves_; }

 private:
  int lowest_;
  std::vector<std::pair<int, int>> moves_{};
  std::vector<UniqueFd> owned_{};
};

struct Connected {
  int child_fd{-1};
  UniqueFd child_end{};
  UniqueFd our_end{};
};

Result<Connected> connect(const SpawnOptions& options, const Stdio& stdio, bool child_reads, int inherited) {
  Connected result;
  switch (stdio.kind) {
    case Stdio::Kind::inherit: result.child_fd = inherited; return result;
    case Stdio::Kind::fd: result.child_fd = stdio.fd; return result;
    case Stdio::Kind::null:
      result.child_end = UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
      if (!result.child_end) return cannot_start(options, errno, "/dev/null: ");
      break;
    case Stdio::Kind::pipe: {
      auto pipe = make_pipe();
      if (!pipe) return cannot_start(options, errno, "a pipe: ");
      result.child_end = std::move(child_reads ? pipe->read : pipe->write);
      result.our_end = std::move(child_reads ? pipe->write : pipe->read);
      break;
    }
  }
  result.child_fd = result.child_end.get();
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Error cannot_start(const SpawnOptions& options, int error, std::string_view what) {
  return Error{.detail = "cannot start " + options.argv[0] + ": " + std::string(what) + start_failure(error)};
}

Result<SpawnedProcess> spawn_process(const SpawnOptions& options) {
  if (options.argv.empty()) return Error{.detail = "cannot start nothing: no program given"};
  ChildPlan plan;
  plan.program = find_program(options.argv[0]);
  if (plan.program.empty()) return Error{.detail = "cannot start " + options.argv[0] + ": no such program"};

  auto input = connect(options, options.input, true, STDIN_FILENO);
  if (!input) return input.error();
  auto output = connect(options, options.output, false, STDOUT_FILENO);
  if (!output) return output.error();
  auto errors = connect(options, {options.capture_errors ? Stdio::Kind::pipe : Stdio::Kind::inherit}, false, STDERR_FILENO);
  if (!errors) return errors.error();

  for (const auto& move : options.extra_fds) plan.highest_fd = std::max(plan.highest_fd, move.second);
  FdMoves moves(plan.highest_fd);
  bool duplicated = moves.add(input->child_fd, 0) && moves.add(output->child_fd, 1) && moves.add(errors->child_fd, 2);
  for (const auto& [from, to] : options.extra_fds) duplicated = duplicated && moves.add(from, to);
  if (!duplicated) return cannot_start(options, errno);

  std::vector<std::string> arguments = options.argv;
  std::vector<std::string> environment = merged_environment(options);
  plan.argv = pointers(arguments);
  plan.envp = pointers(environment);
  plan.moves = moves.list();
  plan.folder = options.folder;
  if (!plan.folder.empty()) plan.program = std::filesystem::absolute(plan.program).string();  // it was looked up from here
  plan.own_group = options.own_group;
  plan.die_with_parent = options.die_with_parent;
  plan.parent = ::getpid();

  volatile int exec_errno = 0;
  const pid_t pid = vfork_child(plan, exec_errno);
  if (pid < 0) return cannot_start(options, errno);
  if (exec_errno != 0) {
    ::waitpid(pid, nullptr, 0);
    return cannot_start(options, exec_errno);
  }
  return SpawnedProcess{pid, std::move(input->our_end), std::move(output->our_end), std::move(errors->our_end)};
}

}  // namespace orchestrator
