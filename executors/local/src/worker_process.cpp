#include "worker_process.hpp"

#include <boost/asio/this_coro.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

#ifndef ORCHESTRATOR_INSTALLED_WORKER
#error "the build defines where the installed command line will be"
#endif

Error unavailable(std::string detail) {
  return Error{.code = Errc::executor_unavailable, .detail = std::move(detail), .stage = Stage::start};
}

std::string beside_this_program() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  return failed ? std::string() : find_program((self.parent_path() / "orchestrator").string());
}

}  // namespace

Result<std::vector<std::string>> find_worker_command(const std::vector<std::string>& chosen) {
  if (!chosen.empty()) return chosen;
  if (const char* named = std::getenv("ORCHESTRATOR_WORKER"); named != nullptr && *named != '\0') {
    return std::vector<std::string>{named, "worker"};
  }
  for (const std::string& candidate :
       {beside_this_program(), find_program(ORCHESTRATOR_INSTALLED_WORKER), find_program("orchestrator")}) {
    if (!candidate.empty()) return std::vector<std::string>{candidate, "worker"};
  }
  return unavailable(
      "the program `orchestrator`, whose `worker` command renders, was found neither beside this program nor on PATH: "
      "install it, or name it in ORCHESTRATOR_WORKER or LocalExecutorOptions::worker_command");
}

asio::awaitable<Result<std::unique_ptr<WorkerProcess>>> WorkerProcess::start(std::vector<std::string> command,
                                                                             std::chrono::milliseconds heartbeat_limit) {
  // A socket pair, because a write to a socket whose reader died can be told not to raise SIGPIPE in the host (send(2)).
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) co_return unavailable("cannot make a socket pair");
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  const auto executor = co_await asio::this_coro::executor;
  SpawnOptions options;
  options.argv = std::move(command);
  options.input = {Stdio::Kind::fd, theirs.get()};
  options.output = {Stdio::Kind::fd, theirs.get()};
  options.own_group = true;
  options.die_with_parent = false;  // it outlives this process for a moment, to clean up
  auto process = ChildProcess::spawn(executor, options);
  if (!process) co_return unavailable("the worker: " + process.error().detail);
  theirs.reset();  // or the end of the worker would not be the end of the stream
  UniqueFd output(::fcntl(ours.get(), F_DUPFD_CLOEXEC, 0));
  if (!output) co_return unavailable("cannot duplicate a descriptor");
  protocol::SessionOptions session_options{.heartbeat_limit = heartbeat_limit};
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess{
      std::move(*process), protocol::WorkerSession(executor, std::move(ours), std::move(output), session_options)});
  auto started = co_await worker->session.start();
  if (started) co_return worker;
  co_await worker->process.stop(std::chrono::milliseconds(0));  // its last words are read by then
  Error error = started.error();
  error.detail = "the worker " + options.argv[0] + " did not start: " + error.detail;
  error.output_tail = worker->process.error_tail();
  co_return error;
}

}  // namespace orchestrator
