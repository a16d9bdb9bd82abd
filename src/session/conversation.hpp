#pragma once

#include "protocol/file_transfer.hpp"
#include "protocol/message_channel.hpp"
#include "session/composition_folder.hpp"

#include <orchestrator/worker/messages.hpp>
#include <orchestrator/worker/worker_session.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// What a WorkerSession is made of, behind its header that does without Asio.
class WorkerSession::Conversation {
 public:
  Conversation(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options);
  Awaitable<Result<void>> start();
  Awaitable<Result<ChunkResult>> run(const ChunkJob& job, ChunkContext& context);
  void hang_up();
  bool usable() const noexcept { return greeted_ && !lost_ && !has_job_; }
  int slots() const noexcept { return slots_; }
  const std::string& name() const noexcept { return name_; }

 private:
  using Clock = std::chrono::steady_clock;
  /// Takes the worker's messages until the job ends. After a cancel, the worker has to confirm it by `confirm_by`.
  Awaitable<Result<ChunkResult>> follow(ChunkContext& context, std::optional<Clock::time_point> confirm_by);
  Result<void> check_hello(const protocol::Message& message);
  void send_job(const ChunkJob& job);
  /// Takes one message of a running job. Returns the job's result, or nothing if it is yet to come.
  Result<std::optional<ChunkResult>> take(protocol::Message message, ChunkContext& context);
  /// Errors: Errc::protocol_error if the worker speaks of a job that is not the running one.
  Result<void> check_job(const protocol::Message& message);
  Result<std::optional<ChunkResult>> take_result(protocol::Done done);
  Result<std::optional<ChunkResult>> take_data(const protocol::Data& data);
  Error lost(Error error);

  SessionOptions options_;
  protocol::MessageChannel channel_;
  std::string name_{"worker"};
  int slots_{1};
  bool greeted_{false};
  bool lost_{false};
  bool has_job_{false};  ///< also after run() has ended by an exception: the worker may still be at it
  CompositionFolder folder_{};
  int job_{-1};                                       ///< id of the running job; 0 is the first
  Stage stage_{Stage::start};                         ///< of the running job
  std::filesystem::path output_{};                    ///< of the running job
  std::optional<protocol::FileReceiver> receiver_{};  ///< of the running job's chunk file
  ChunkResult arriving_{};                            ///< the result whose file `receiver_` receives
};

}  // namespace orchestrator
