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
#include <variant>

namespace orchestrator {

/// What a WorkerSession is made of, behind its header that does without Asio.
class WorkerSession::Conversation {
 public:
  Conversation(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options);
  Awaitable<Result<void>> start();
  Awaitable<Result<ChunkResult>> run(const ChunkJob& job, ChunkContext& context);
  Awaitable<Result<CompositionDescription>> describe(const DescribeJob& job, ChunkContext& context);
  void hang_up();
  bool usable() const noexcept { return greeted_ && !lost_ && !has_job_; }
  int slots() const noexcept { return slots_; }
  const std::string& name() const noexcept { return name_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Answer = std::variant<ChunkResult, CompositionDescription>;
  /// Begins a job: numbers it, and serves the composition's files to a remote worker. Sends `message` when that is done.
  template <class Message>
  void send_job(Message message);
  /// Follows the job that was sent to its end. Errors: also Errc::protocol_error if the answer is none to such a job.
  template <class Wanted>
  Awaitable<Result<Wanted>> answer_to_job(ChunkContext& context);
  /// Takes the worker's messages until the job ends. After a cancel, the worker has to confirm it by `confirm_by`.
  Awaitable<Result<Answer>> follow(ChunkContext& context, std::optional<Clock::time_point> confirm_by);
  Awaitable<Result<Answer>> follow_or_cancel(ChunkContext& context);
  Result<void> check_hello(const protocol::Message& message);
  /// Takes one message of a running job. Returns the worker's answer, or nothing if it is yet to come.
  Result<std::optional<Answer>> take(protocol::Message message, ChunkContext& context);
  /// Errors: Errc::protocol_error if the worker speaks of a job that is not the running one.
  Result<void> check_job(const protocol::Message& message);
  Result<std::optional<Answer>> take_result(protocol::Done done);
  Result<std::optional<Answer>> take_data(const protocol::Data& data);
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
