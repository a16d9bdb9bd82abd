#pragma once

#include "base/output_file.hpp"
#include "base/sha256.hpp"
#include "protocol/message_channel.hpp"

#include <filesystem>

namespace orchestrator::protocol {

/// Waits until everything that was sent is written, so that another side that does not read cannot fill this process's memory.
/// Errors: executor_unavailable if that takes longer than `limit`; cancelled.
boost::asio::awaitable<Result<void>> written(MessageChannel& channel, std::chrono::milliseconds limit);

/// Sends the bytes of a file that a message has announced, as data frames, no faster than the other side takes them. If it does
/// not take a block within `stall_limit`, the transfer ends. Errors: executor_unavailable; internal if the file is shorter than
/// announced; cancelled.
boost::asio::awaitable<Result<void>> send_file(MessageChannel& channel, std::filesystem::path file, FileDigest digest,
                                               std::chrono::milliseconds stall_limit);

/// Writes the bytes that arrive to a file with a temporary name, which gets its final name once it is complete and its digest is
/// right.
class FileReceiver {
 public:
  /// Errors: Errc::output_unwritable.
  static Result<FileReceiver> open(std::filesystem::path file, FileDigest expected);
  FileReceiver(FileReceiver&&) = default;
  FileReceiver& operator=(FileReceiver&&) = default;
  ~FileReceiver();  ///< removes an incomplete file

  /// True once the file is complete and in its place. Errors: protocol_error for too many bytes, chunk_invalid for a wrong
  /// digest, output_unwritable.
  Result<bool> feed(std::string_view bytes);

 private:
  FileReceiver(std::filesystem::path file, FileDigest expected);
  Result<bool> finish();
  Error write_error(int error) const;

  std::filesystem::path file_;
  std::filesystem::path unfinished_;
  FileDigest expected_;
  OutputFile stream_{};
  std::int64_t received_{0};
  Sha256 sum_{};
};

}  // namespace orchestrator::protocol
