#pragma once

#include "protocol/message_channel.hpp"
#include "session/composition_folder.hpp"

#include <orchestrator/render_executor.hpp>

#include <optional>
#include <string>

namespace orchestrator {

struct SessionOptions {
  std::chrono::milliseconds start_limit{20'000};      ///< until the worker's hello
  std::chrono::milliseconds heartbeat_limit{10'000};  ///< silence after which the worker is taken for dead
  /// Silence of this host after which the worker gives up. 0: it goes by the end of its stdin, which is reliable on the same
  /// machine.
  std::chrono::milliseconds worker_limit{0};
  std::chrono::milliseconds cancel_limit{3'000};  ///< for the worker to confirm a cancel
  bool remote{false};  ///< the worker shares no files with this host, so compositions and chunks travel through the connection
  std::string worker_name{};  ///< the worker's name in reports and errors; empty: as it calls itself
};

/// The host's end of the conversation with one worker, whatever the transport: one handshake, then jobs one after the other.
class WorkerSession {
 public:
  WorkerSession(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options);

  /// Exchanges hellos. Refuses another protocol version, and a remote worker that lacks what rendering needs.
  boost::asio::awaitable<Result<void>> start();
  /// Runs one job. Cancellation: the worker is told and gets `cancel_limit` to confirm.
  boost::asio::awaitable<Result<ChunkResult>> run(const ChunkJob& job, ChunkContext& context);
  /// Closes the connection, which makes the worker end.
  void hang_up() { channel_.close(); }
  /// False once something happened after which the worker cannot be trusted with another job.
  bool usable() const noexcept { return usable_; }
  /// How many chunks the worker's machine renders well at the same time, as the worker said; at least 1.
  int slots() const noexcept { return slots_; }

 private:
  using Clock = std::chrono::steady_clock;
  /// Takes the worker's messages until the job ends. After a cancel, the worker has to confirm it by `confirm_by`.
  boost::asio::awaitable<Result<ChunkResult>> follow(ChunkContext& context, std::optional<Clock::time_point> confirm_by);
  Result<void> check_hello(const protocol::Message& message);
  void send_job(const ChunkJob& job);
  /// Takes one message of a running job. Returns the job's result, or nothing if it is yet to come.
  Result<std::optional<ChunkResult>> take(protocol::Message message, ChunkContext& context);
  Result<std::optional<ChunkResult>> take_result(protocol::Done done);
  Result<std::optional<ChunkResult>> take_data(const protocol::Data& data);
  Error lost(Error error);

  SessionOptions options_;
  protocol::MessageChannel channel_;
  std::string name_{"worker"};
  int slots_{1};
  bool usable_{false};
  CompositionFolder folder_{};
  Stage stage_{Stage::start};                         ///< of the running job
  std::filesystem::path output_{};                    ///< of the running job
  std::optional<protocol::FileReceiver> receiver_{};  ///< of the running job's chunk file
  ChunkResult arriving_{};                            ///< the result whose file `receiver_` receives
};

}  // namespace orchestrator
