#pragma once

#include "protocol/message_channel.hpp"
#include "session/composition_folder.hpp"

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
  bool remote{false};         ///< it shares no files with us: compositions and chunk files travel through the connection
  std::string worker_name{};  ///< what to call it; empty: what it calls itself
};

/// The host's end of one worker, whatever the transport: handshake once, then jobs one after the other.
class WorkerSession {
 public:
  WorkerSession(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options);

  /// Exchanges hellos; refuses another protocol version, and a worker that lacks what rendering needs.
  boost::asio::awaitable<Result<void>> start();
  /// Runs one job. Cancellation: the worker is told and gets `cancel_limit` to confirm.
  boost::asio::awaitable<Result<ChunkResult>> run(const ChunkJob& job, ChunkContext& context);
  /// Closes the connection: the worker takes that as its end.
  void hang_up() { channel_.close(); }
  /// False once something happened after which the worker cannot be trusted with another job.
  bool usable() const noexcept { return usable_; }
  const std::string& name() const noexcept { return name_; }
  /// Chunks its machine renders well at the same time, as it says; at least 1.
  int slots() const noexcept { return slots_; }

 private:
  using Clock = std::chrono::steady_clock;
  /// Until the job ends, or, once it was told to, until `confirm_by`.
  boost::asio::awaitable<Result<ChunkResult>> follow(ChunkContext& context, std::optional<Clock::time_point> confirm_by);
  Result<void> check_hello(const Message& message);
  void send_job(const ChunkJob& job);
  /// One message of a running job: its result, or nothing yet.
  Result<std::optional<ChunkResult>> take(Message message, ChunkContext& context);
  Result<std::optional<ChunkResult>> take_result(Done done);
  Result<std::optional<ChunkResult>> take_data(const Data& data);
  Error lost(Error error);

  SessionOptions options_;
  MessageChannel channel_;
  std::string name_{"worker"};
  int slots_{1};
  bool usable_{false};
  CompositionFolder folder_{};
  Stage stage_{Stage::start};               ///< of the running job
  std::filesystem::path output_{};          ///< of the running job
  std::optional<FileReceiver> receiver_{};  ///< of its chunk file
  ChunkResult arriving_{};                  ///< whose file the receiver gets
};

}  // namespace orchestrator::protocol
