#pragma once

#include "lambda/aws/s3_client.hpp"
#include "lambda/executor/object_keys.hpp"
#include "lambda/messages/invocation_event.hpp"

#include <orchestrator/chunk.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/worker/messages.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator {

/// What one attempt at a chunk has in the bucket: its event if that is large, its chunk, its cancel marker. It shares none of
/// them, so its end concerns no other attempt. Everything on one strand. Errors: those of S3, naming bucket and key.
/// Cancellation: terminal.
class AttemptObjects {
 public:
  /// `store` must outlive it.
  AttemptObjects(aws::S3Client& store, AttemptKeys keys) : store_(store), keys_(std::move(keys)) {}

  /// What to invoke the function with. Gives the event this attempt's keys, and stores it if it is too large to be sent.
  boost::asio::awaitable<Result<std::string>> text_of(lambda::InvocationEvent event);
  /// Downloads the chunk that the function has stored to `output`.
  boost::asio::awaitable<Result<ChunkResult>> fetch(std::filesystem::path output, protocol::Done done);
  /// Puts the cancel marker, which makes the attempt's functions end.
  boost::asio::awaitable<Result<void>> put_marker();
  /// Removes what there may be.
  boost::asio::awaitable<Result<void>> remove(bool keep_marker);

 private:
  aws::S3Client& store_;
  AttemptKeys keys_;
  std::vector<std::string> there_{};  ///< keys of what may be in the bucket, but for the marker
  bool marked_{false};
};

}  // namespace orchestrator
