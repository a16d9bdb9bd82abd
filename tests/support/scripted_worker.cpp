// A worker for tests: speaks the protocol and behaves as its argument says. No browser, no frames.
#include "protocol/message_channel.hpp"

#include <orchestrator/worker/guarded_dir.hpp>
#include <orchestrator/worker/worker_process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace std::chrono_literals;

namespace {

/// Answers a job as `behaviour` says. False: the worker has to end without another word.
bool answer(MessageChannel& channel, const Job& message, const std::string& behaviour) {
  const ChunkJob& job = message.job;
  channel.send(ChunkProgress{job.frames.count() / 2, 0, message.id});
  if (behaviour == "dies-in-job") {
    std::fputs("out of memory\n", stderr);
    return false;
  }
  if (behaviour == "fails") {
    channel.send(
        Failed{{.code = Errc::page_error, .detail = "boom", .stage = Stage::capture, .frame = job.frames.first}, message.id});
  } else if (behaviour == "works" || behaviour == "has-three-slots") {
    channel.send(Log{LogLevel::info, "page says hello"});
    channel.send(Done{.result = {.file = job.output, .frames = job.frames.count(), .capture = "scripted"}, .job = message.id});
  }
  return true;  // "hangs-in-job", "hangs-on-three-slots", "ignores-cancel": nothing more to say
}

boost::asio::awaitable<void> converse(MessageChannel& channel, std::string behaviour) {
  const int slots = behaviour.ends_with("three-slots") ? 3 : 0;
  channel.send(Hello{.software = "scripted", .name = "scripted/" + std::to_string(::getpid()), .slots = slots});
  if (behaviour != "falls-silent") channel.keep_beating(50ms);
  int running = 0;
  for (;;) {
    auto message = co_await channel.receive(0ms);
    if (!message) co_return;
    const auto* job = std::get_if<Job>(&*message);
    if (job != nullptr) running = job->id;
    if (job != nullptr && !answer(channel, *job, behaviour)) co_return;
    if (std::holds_alternative<Cancel>(*message) && behaviour != "ignores-cancel") {
      channel.send(Failed{{.code = Errc::cancelled, .detail = "cancelled"}, running});
    }
  }
}

/// Plays a host whose child must not outlive it: prints the child's number and waits to be killed.
void start_a_child(boost::asio::io_context& context) {
  auto child = ChildProcess::spawn(context.get_executor(), {.argv = {"sleep", "60"}});
  if (!child) return;
  std::printf("%d\n", static_cast<int>(child->pid()));
  std::fflush(stdout);
  ::pause();
}

/// Plays a host whose program makes a process without exec, which lives on: prints the numbers of a worker and of that process,
/// and a guarded folder's path, then waits to be killed.
void fork_a_process(boost::asio::io_context& context) {
  auto worker = WorkerProcess::spawn(context.get_executor(), {"cat"}, false, {});
  auto folder = GuardedDir::create(context.get_executor(), "/tmp", "orchestrator-forking-");
  const pid_t forked = ::fork();
  if (forked != 0 && worker && folder) {
    std::printf("%d %d %s\n", static_cast<int>((*worker)->process.pid()), static_cast<int>(forked), folder->path().c_str());
    std::fflush(stdout);
  }
  ::pause();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string behaviour = argc > 1 ? argv[1] : "works";
  ::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context context(1);
  if (behaviour == "starts-a-child") {
    start_a_child(context);
    return 0;
  }
  if (behaviour == "forks") {
    fork_a_process(context);
    return 0;
  }
  MessageChannel channel(context.get_executor(), UniqueFd(::dup(STDIN_FILENO)), UniqueFd(::dup(STDOUT_FILENO)));
  boost::asio::co_spawn(context, converse(channel, behaviour), [&](std::exception_ptr) { context.stop(); });
  context.run();
  return 0;
}
