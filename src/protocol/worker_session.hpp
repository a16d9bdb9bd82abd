#pragma once

#include "protocol/message_channel.hpp"

#include <orchestrator/render_executor.hpp>

#include <optional>
#include <string>

namespace orchestrator::protocol {

struct SessionOptions {
  std::chrono::milliseconds start_limit{20'000};      ///< until the worker's hello
  std::chrono::milliseconds heartbeat_limit{10'000};  ///< silence after which the worker is taken for dead
  /// Silence from us after which the worker gives up. 0 where the end of its stdin tells it reliably (same machine).
  std::chrono::milliseconds worker_limit{0};
  std::chrono::milliseconds cancel_limit{3'000};  ///< for the worker to confirm a cancel
};

/// The host's end of one worker, whatever the transport: handshake once, then jobs one after the other.
class WorkerSession {
 public:
  WorkerSession(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options);

  /// Exchanges hellos; refuses another protocol version.
  boost::asio::awaitable<Result<void>> start();
  /// Runs one job. Cancellation: the worker is told and gets `cancel_limit` to confirm.
  boost::asio::awaitable<Result<ChunkResult>> run(const ChunkJob& job, ChunkContext& context);
  /// Closes the connection: the worker takes that as its end.
  void hang_up() { channel_.close(); }
  /// False once something happened after which the worker cannot be trusted with another job.
  bool usable() const noexcept { return usable_; }
  const std::string& name() const noexcept { return name_; }

 private:
  using Clock = std::chrono::steady_clock;
  /// Until the job ends, or, once it was told to, until `confirm_by`.
  boost::asio::awaitable<Result<ChunkResult>> follow(ChunkContext& context, std::optional<Clock::time_point> confirm_by);
  Error lost(Error error, Stage stage = Stage::start);

  SessionOptions options_;
  MessageChannel channel_;
  std::string name_{"worker"};
  bool usable_{false};
};

}  // namespace orchestrator::protocol
