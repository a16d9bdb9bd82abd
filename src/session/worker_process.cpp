#include <orchestrator/worker/worker_process.hpp>

#include <boost/asio/any_io_executor.hpp>

#include "process/descriptors.hpp"

namespace orchestrator {

namespace {

Error unavailable(std::string detail) {
  return Error{.code = Errc::executor_unavailable, .detail = std::move(detail), .stage = Stage::start};
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::spawn(const boost::asio::any_io_executor& executor,
                                                            std::vector<std::string> argv, bool die_with_host,
                                                            SessionOptions options) {
  // A socket pair, because a write to a socket whose reader died can be told not to raise SIGPIPE in the host (send(2)).
  auto ends = make_socket_pair();
  if (!ends) return unavailable("the worker: " + ends.error().detail);
  SpawnOptions child{.argv = std::move(argv)};
  child.input = {Stdio::Kind::fd, ends->theirs.get()};
  child.output = {Stdio::Kind::fd, ends->theirs.get()};
  child.own_group = true;
  child.die_with_parent = die_with_host;
  auto process = ChildProcess::spawn(executor, child);
  if (!process) return unavailable("the worker: " + process.error().detail);
  UniqueFd output = duplicate(ends->ours.get());
  if (!output) return unavailable("cannot duplicate a descriptor");
  return std::unique_ptr<WorkerProcess>(new WorkerProcess{
      std::move(*process), WorkerSession(executor, std::move(ends->ours), std::move(output), std::move(options))});
}

}  // namespace orchestrator
