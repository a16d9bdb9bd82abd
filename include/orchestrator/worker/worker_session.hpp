#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>
#include <orchestrator/worker/unique_fd.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

struct SessionOptions {
  std::chrono::milliseconds start_limit{20'000};      ///< until the worker's hello
  std::chrono::milliseconds heartbeat_limit{10'000};  ///< silence after which the worker is taken for dead
  /// Silence of this host after which the worker gives up. 0: `heartbeat_limit` if it is remote; else it goes by the end of its
  /// stdin, which is reliable on the same machine.
  std::chrono::milliseconds worker_limit{0};
  std::chrono::milliseconds cancel_limit{3'000};  ///< for the worker to confirm a cancel
  bool remote{false};  ///< the worker shares no files with this host, so compositions and chunks travel through the connection
  std::string worker_name{};  ///< the worker's name in reports and errors; empty: as it calls itself
};

/// The host's end of the conversation with one `orchestrator worker` (docs/worker-protocol.md), whatever carries it: one
/// handshake, then jobs one after the other. WorkerProcess has one over the standard streams of a program.
///
/// To be used on one strand, `executor`'s. Ownership: takes the descriptors. The destructor hangs up.
class WorkerSession {
 public:
  /// `input`, from which the worker's messages are read, and `output` may be pipes or sockets, also two numbers of one socket.
  WorkerSession(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options);
  WorkerSession(WorkerSession&&) noexcept;
  WorkerSession& operator=(WorkerSession&&) noexcept;
  ~WorkerSession();

  /// Exchanges hellos. Refuses another protocol version, and a remote worker that lacks what rendering needs. Errors:
  /// Errc::executor_unavailable, Errc::protocol_error. Cancellation: terminal.
  Awaitable<Result<void>> start();
  /// Runs one job: hands its progress and logs to `context`, and the composition's files to a remote worker. The chunk file is at
  /// `job.output` on this machine when the result has come. Cancellation: terminal; the worker is told and gets `cancel_limit` to
  /// confirm; no file is left. Errors: the worker's own (a page error, ...); Errc::executor_unavailable if it died or fell
  /// silent; Errc::protocol_error; Errc::cancelled.
  Awaitable<Result<ChunkResult>> run(const ChunkJob& job, ChunkContext& context);
  /// Has the worker look at a composition. Cancellation and errors: as run().
  Awaitable<Result<CompositionDescription>> describe(const DescribeJob& job, ChunkContext& context);
  /// Closes the connection, which makes the worker end.
  void hang_up();
  /// False before start(), while a job runs, and once something happened after which the worker cannot be trusted with another:
  /// it died, broke the protocol, was hung up on, or run() ended by what `context` threw.
  bool usable() const noexcept;
  /// How many chunks the worker's machine renders well at the same time, as the worker said; at least 1.
  int slots() const noexcept;
  /// As in SessionOptions::worker_name, or as the worker calls itself.
  const std::string& name() const noexcept;

 private:
  class Conversation;
  std::unique_ptr<Conversation> conversation_;
};

}  // namespace v0
}  // namespace orchestrator
