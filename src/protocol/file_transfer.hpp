#pragma once

#include "base/sha256.hpp"
#include "protocol/message_channel.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace orchestrator::protocol {

/// Sends the bytes of a file that a message has announced, as data frames, no faster than they are taken: a block that is not
/// taken within `stall_limit` ends the transfer. Errors: executor_unavailable; internal if the file is not what was announced.
boost::asio::awaitable<Result<void>> send_file(MessageChannel& channel, std::filesystem::path file, FileDigest digest,
                                               std::chrono::milliseconds stall_limit);

/// Writes what arrives under a temporary name; the file gets its own name when it is complete and its digest is right.
class FileReceiver {
 public:
  /// Errors: Errc::output_unwritable.
  static Result<FileReceiver> open(std::filesystem::path file, FileDigest expected);
  FileReceiver(FileReceiver&&) = default;
  FileReceiver& operator=(FileReceiver&&) = default;
  ~FileReceiver();  ///< removes what is incomplete

  /// True once the file is complete and in its place. Errors: protocol_error for too many bytes, chunk_invalid for a wrong
  /// digest, output_unwritable.
  Result<bool> feed(std::string_view bytes);

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  FileReceiver(std::filesystem::path file, FileDigest expected);
  Result<bool> finish();
  Error write_error(int error) const;

  std::filesystem::path file_;
  std::filesystem::path unfinished_;
  FileDigest expected_;
  std::unique_ptr<std::FILE, Close> stream_;
  std::int64_t received_{0};
  Sha256 sum_{};
};

}  // namespace orchestrator::protocol
