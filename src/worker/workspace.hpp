#pragma once

#include "protocol/message_channel.hpp"
#include "serve/composition_server.hpp"
#include "worker/fetched_files.hpp"

#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <optional>

namespace orchestrator {

/// What a worker needs if it shares no files with its host: a folder of its own for chunk files and for copies of the
/// composition's files. The folder is made when a job needs it, and is removed when the worker ends, however that happens.
class Workspace {
 public:
  Workspace(boost::asio::any_io_executor executor, protocol::MessageChannel& channel)
      : executor_(std::move(executor)), channel_(channel) {}

  /// Moves the job's output into the folder if the host wants the file sent back. Returns where the composition's files come
  /// from; empty if that is the worker's own disk or the web. Errors: Errc::output_unwritable, invalid_options.
  Result<FileSource> prepare(protocol::Job& job);
  Result<FileSource> prepare(const protocol::Describe& describe);
  /// Sends the result, and after it the chunk file, which is then removed. Errors: as protocol::send_file.
  boost::asio::awaitable<Result<void>> send_back(ChunkResult result, int job);

  /// Takes what the host sends about the composition's files. After an error the conversation cannot go on.
  template <class HostMessage>
  Result<void> on(const HostMessage& message) {
    if (files_) return files_->on(message);
    return Error{.code = Errc::protocol_error, .detail = "the host sent a file that was not asked for", .stage = Stage::load};
  }

 private:
  Result<void> open();
  FileSource files_of(const std::string& render);

  boost::asio::any_io_executor executor_;
  protocol::MessageChannel& channel_;
  std::optional<GuardedDir> folder_{};
  std::optional<FetchedFiles> files_{};
};

}  // namespace orchestrator
