#include <orchestrator/worker/child_process.hpp>

#include "base/text_tail.hpp"
#include "process/spawn.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <filesystem>
#include <thread>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

std::string v0::to_string(ExitStatus status) {
  if (status.signal != 0) {
    return "signal " + std::to_string(status.signal) + " (" + ::strsignal(status.signal) + ")";
  }
  if (status.code == ExitStatus::lost) return "an exit status that was lost: this program ignores SIGCHLD or waits for any child";
  return "exit status " + std::to_string(status.code);
}

namespace {

std::chrono::microseconds to_microseconds(timeval time) noexcept {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

struct ChildProcess::State {
  State(asio::any_io_executor executor, pid_t child, bool group)
      : pid(child), own_group(group), input(executor), output(executor), errors(executor), exit_event(executor) {}

  pid_t pid;
  bool own_group;
  bool reaped{false};
  ExitStatus status{};
  std::chrono::microseconds cpu{0};
  asio::posix::stream_descriptor input;
  asio::posix::stream_descriptor output;
  asio::posix::stream_descriptor errors;
  asio::posix::stream_descriptor exit_event;  // pidfd_open(2): readable when the child has ended
  TextTail tail{};

  /// Notes the child's end, if it has ended. Its group ends with it, and is signalled before the child is reaped: until then its
  /// number is no other process's, nor another group's.
  bool reap() noexcept {
    if (reaped) return true;
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOHANG | WNOWAIT) != 0) {
      return errno == ECHILD && note_lost_status();
    }
    if (ended.si_pid != pid) return false;
    if (own_group) ::kill(-pid, SIGKILL);
    int raw = 0;
    struct rusage usage {};
    if (::wait4(pid, &raw, WNOHANG, &usage) != pid) return note_lost_status();
    reaped = true;
    cpu = to_microseconds(usage.ru_utime) + to_microseconds(usage.ru_stime);
    drain_errors();
    if (WIFEXITED(raw)) status.code = WEXITSTATUS(raw);
    if (WIFSIGNALED(raw)) status.signal = WTERMSIG(raw);
    return true;
  }

  /// The child's exit status went to somebody else: this program waits for any child, or ignores SIGCHLD (wait(2), "Linux
  /// notes").
  bool note_lost_status() noexcept {
    reaped = true;
    status.code = ExitStatus::lost;
    drain_errors();
    return true;
  }

  /// Reads the rest of stderr: the exit may be noticed before the child's last lines were read.
  void drain_errors() noexcept {
    char buffer[4096];
    for (ssize_t size = 1; errors.is_open() && size > 0;) {
      size = ::read(errors.native_handle(), buffer, sizeof buffer);
      if (size > 0) tail.append({buffer, static_cast<std::size_t>(size)});
    }
  }

  void kill(int signal) noexcept {
    if (!reap()) ::kill(own_group ? -pid : pid, signal);
  }
};

namespace {

asio::awaitable<void> collect_errors(std::shared_ptr<ChildProcess::State> state) {
  char buffer[4096];
  for (;;) {
    boost::system::error_code failed;
    const std::size_t size =
        co_await state->errors.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;
    state->tail.append({buffer, size});
  }
}

/// Adds what is in a pipe now, until there are `most_bytes`.
void take_rest(asio::posix::stream_descriptor& pipe, std::string& output, std::size_t most_bytes) {
  char buffer[16384];
  boost::system::error_code ended;
  if (pipe.is_open()) pipe.non_blocking(true, ended);
  while (!ended && pipe.is_open() && output.size() < most_bytes) {
    const std::size_t size = pipe.read_some(asio::buffer(buffer), ended);
    output.append(buffer, std::min(size, most_bytes - output.size()));
  }
}

/// Reaps a child that has been sent SIGKILL. Where the system gives no thread, this one waits for the little time that it takes.
void reap_later(pid_t pid) noexcept {
  const auto reap = [pid] { ::waitpid(pid, nullptr, 0); };
  try {
    std::thread(reap).detach();
  } catch (const std::exception&) {
    reap();
  }
}

/// Reaps a child that runs on. Where the system gives no thread, the child's entry in the process table stays until this process
/// ends.
void reap_at_its_end(pid_t pid) noexcept {
  try {
    std::thread([pid] { ::waitpid(pid, nullptr, 0); }).detach();
  } catch (const std::exception&) {
    return;
  }
}

/// collect_errors() may have read the last lines of a child that has ended already, but its handler has yet to run.
asio::awaitable<void> let_errors_arrive() { co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable); }

int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

}  // namespace

ChildProcess::ChildProcess(std::shared_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(state_, other.state_);  // the old child ends with `other`
  return *this;
}

void ChildProcess::let_go() noexcept {
  const auto state = std::exchange(state_, nullptr);
  boost::system::error_code ignored;
  for (auto* pipe : {&state->input, &state->output, &state->errors}) pipe->close(ignored);
  if (!state->reap()) reap_at_its_end(state->pid);
}

ChildProcess::~ChildProcess() {
  if (!state_) return;
  state_->kill(SIGKILL);
  boost::system::error_code ignored;
  state_->errors.close(ignored);
  if (!state_->reap()) reap_later(state_->pid);
}

Result<ChildProcess> ChildProcess::spawn(asio::any_io_executor executor, const SpawnOptions& options) {
  auto spawned = spawn_process(options);
  if (!spawned) return spawned.error();
  auto state = std::make_shared<State>(executor, spawned->pid, options.own_group);
  ChildProcess child(state);
  const int pidfd = open_pidfd(spawned->pid);
  if (pidfd < 0) return cannot_start(options, errno, "pidfd_open: ");
  state->exit_event.assign(pidfd);
  if (spawned->input) state->input.assign(spawned->input.release());
  if (spawned->output) state->output.assign(spawned->output.release());
  if (spawned->errors) {
    state->errors.assign(spawned->errors.release());
    state->errors.non_blocking(true);
    asio::co_spawn(executor, collect_errors(state), asio::detached);
  }
  return child;
}

pid_t ChildProcess::pid() const noexcept { return state_->pid; }
asio::posix::stream_descriptor& ChildProcess::input() { return state_->input; }
asio::posix::stream_descriptor& ChildProcess::output() { return state_->output; }

UniqueFd ChildProcess::take_input() {
  UniqueFd fd(state_->input.release());
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
  return fd;
}

asio::awaitable<Result<ExitStatus>> ChildProcess::wait() {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto state = state_;
  while (!state->reap()) {
    boost::system::error_code failed;
    co_await state->exit_event.async_wait(asio::posix::stream_descriptor::wait_read,
                                          asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return cancelled_error(Stage::start, "waiting for a process was cancelled");
  }
  co_await let_errors_arrive();
  co_return state->status;
}

asio::awaitable<std::string> ChildProcess::read_output() {
  constexpr std::size_t most_bytes = std::size_t{64} << 20;
  co_await asio::this_coro::throw_if_cancelled(false);
  auto state = state_;
  // What the child has started may hold the output open after its end.
  state->exit_event.async_wait(asio::posix::stream_descriptor::wait_read,
                               [weak = std::weak_ptr(state)](boost::system::error_code aborted) {
                                 const auto ended = weak.lock();
                                 boost::system::error_code ignored;
                                 if (!aborted && ended && ended->reap()) ended->output.cancel(ignored);
                               });
  std::string output;
  char buffer[16384];
  boost::system::error_code failed;
  bool cancelled = false;
  while (!failed && !cancelled && !state->reaped && output.size() < most_bytes) {
    const std::size_t size =
        co_await state->output.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    output.append(buffer, std::min(size, most_bytes - output.size()));
    cancelled = co_await is_cancelled();
  }
  if (state->reaped && !cancelled) take_rest(state->output, output, most_bytes);
  state->output.close(failed);  // a program that writes more than most_bytes must not block
  co_return output;
}

bool ChildProcess::running() const noexcept { return !state_->reap(); }
void ChildProcess::kill(int signal) noexcept { state_->kill(signal); }
std::chrono::microseconds ChildProcess::ended_cpu() const noexcept { return state_->cpu; }
std::string ChildProcess::error_tail() const { return state_->tail.text(); }

asio::awaitable<void> ChildProcess::stop(std::chrono::milliseconds grace) {
  if (running()) state_->kill(SIGTERM);
  co_await wait_or_kill(grace);
}

asio::awaitable<void> ChildProcess::wait_or_kill(std::chrono::milliseconds limit) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto state = state_;
  if (state->reap()) co_return;
  auto force = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, limit);
  force->async_wait([state](boost::system::error_code aborted) {
    if (!aborted) state->kill(SIGKILL);
  });
  while (!state->reap()) {  // a cancellation ends one wait only; stopping goes on
    boost::system::error_code ignored;
    co_await state->exit_event.async_wait(asio::posix::stream_descriptor::wait_read,
                                          asio::redirect_error(asio::use_awaitable, ignored));
  }
  force->cancel();
  co_await let_errors_arrive();
}

namespace {

struct LimitedProcess {
  ChildProcess process;
  asio::steady_timer deadline;
  bool timed_out{false};
};

void kill_at_deadline(const std::shared_ptr<LimitedProcess>& child) {
  child->deadline.async_wait([weak = std::weak_ptr(child)](boost::system::error_code aborted) {
    const auto late = weak.lock();
    if (aborted || !late) return;
    late->timed_out = late->process.running() || late->process.output().is_open();
    late->process.kill(SIGKILL);
    boost::system::error_code ignored;
    late->process.output().close(ignored);  // what left the group may hold the other end still
  });
}

}  // namespace

asio::awaitable<Result<ProgramOutput>> v0::run_program(SpawnOptions options, std::optional<std::chrono::milliseconds> limit) {
  const Error cancellation{.code = Errc::cancelled, .detail = "cancelled while a program ran"};
  co_await asio::this_coro::throw_if_cancelled(false);
  bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancellation;
  options.output = {Stdio::Kind::pipe};
  const auto executor = co_await asio::this_coro::executor;
  auto spawned = ChildProcess::spawn(executor, options);
  if (!spawned) co_return spawned.error();
  const auto child = std::make_shared<LimitedProcess>(LimitedProcess{std::move(*spawned), asio::steady_timer(executor)});
  if (limit) {
    child->deadline.expires_after(*limit);
    kill_at_deadline(child);
  }
  ChildProcess& process = child->process;
  ProgramOutput result;
  result.output = co_await process.read_output();
  cancelled = co_await is_cancelled();
  if (cancelled) co_return cancellation;  // the child is killed with this scope
  auto status = co_await process.wait();
  if (!status) co_return cancellation;
  result.status = *status;
  result.error_tail = process.error_tail();
  result.timed_out = child->timed_out;
  co_return result;
}

std::string v0::find_program(std::string_view name) {
  const auto is_program = [](const std::string& path) {
    std::error_code failed;
    return ::access(path.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(path, failed);
  };
  if (name.find('/') != std::string_view::npos) return is_program(std::string(name)) ? std::string(name) : "";
  const char* raw = std::getenv("PATH");
  std::string_view path = raw != nullptr ? raw : "/usr/local/bin:/usr/bin:/bin";
  while (!path.empty()) {
    const auto colon = path.find(':');
    std::string candidate = std::string(path.substr(0, colon)) + "/" + std::string(name);
    if (is_program(candidate)) return candidate;
    path = colon == std::string_view::npos ? std::string_view{} : path.substr(colon + 1);
  }
  return {};
}

}  // namespace orchestrator
