#pragma once

#include "process/guarded_dir.hpp"
#include "protocol/message_channel.hpp"
#include "serve/composition_server.hpp"
#include "worker/fetched_files.hpp"

#include <optional>

namespace orchestrator {

/// What a worker needs that shares no files with its host: a folder of its own for chunk files and for copies of the
/// composition's. Made when a job asks for it; gone with the worker, however that ends.
class Workspace {
 public:
  Workspace(boost::asio::any_io_executor executor, protocol::MessageChannel& channel)
      : executor_(std::move(executor)), channel_(channel) {}

  /// Puts the job's output where the worker can write it, and says where its composition's files come from (nowhere: from
  /// the worker's own disk or the web). Errors: Errc::output_unwritable.
  Result<FileSource> prepare(protocol::Job& job);
  /// Sends the result, and after it the chunk file, which is then removed. Errors: as protocol::send_file.
  boost::asio::awaitable<Result<void>> send_back(ChunkResult result);

  /// What the host sends about the composition's files. Errors: the conversation cannot go on.
  template <class HostMessage>
  Result<void> on(const HostMessage& message) {
    if (files_) return files_->on(message);
    return Error{.code = Errc::protocol_error, .detail = "the host sent a file that was not asked for", .stage = Stage::load};
  }

 private:
  boost::asio::any_io_executor executor_;
  protocol::MessageChannel& channel_;
  std::optional<GuardedDir> folder_{};
  std::optional<FetchedFiles> files_{};
};

}  // namespace orchestrator
