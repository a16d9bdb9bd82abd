#pragma once

#include "protocol/file_transfer.hpp"
#include "protocol/message_channel.hpp"

#include <orchestrator/worker/messages.hpp>

#include <boost/asio/awaitable.hpp>

#include <map>
#include <utility>

namespace orchestrator {

/// Hands the folder of a local composition to workers on other machines: the host's side of `file_request`. It hands out only
/// what a loopback server would give a page (base/file_request.hpp), so a hostile worker gets no more than that.
class CompositionFolder {
 public:
  /// Serves the folder of `html_file` from now on.
  void serve(std::filesystem::path html_file);
  /// Answers one request, with the file's bytes unless the worker has them. Errors: as send_file.
  boost::asio::awaitable<Result<void>> answer(protocol::MessageChannel& channel, const protocol::FileRequest& request,
                                              std::chrono::milliseconds stall_limit);

 private:
  boost::asio::awaitable<Result<FileDigest>> digest_of(std::filesystem::path file);

  struct Known {
    std::filesystem::file_time_type changed{};
    FileDigest digest{};
  };
  std::filesystem::path html_file_{};
  std::map<std::filesystem::path, Known> digests_{};
};

}  // namespace orchestrator
