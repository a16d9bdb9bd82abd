#pragma once

#include "lambda/aws/s3_client.hpp"
#include "lambda/executor/object_keys.hpp"
#include "lambda/messages/invocation_event.hpp"

#include <orchestrator/render_executor.hpp>
#include <orchestrator/worker/messages.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace orchestrator {

/// What one render has in the bucket: its composition, large events, chunks, the cancel marker. Everything on one strand.
/// Errors: those of S3, naming bucket and key. Cancellation: terminal.
class RenderObjects {
 public:
  /// `store` must outlive it. `pattern` is what the events of all chunks have in common.
  RenderObjects(const boost::asio::any_io_executor& loop, aws::S3Client& store, lambda::InvocationEvent pattern,
                std::string prefix, std::string render);

  /// The event to invoke the function with for a chunk. Uploads the composition, once, and an event that is too large to be sent.
  boost::asio::awaitable<Result<std::string>> event_for(ChunkJob job, ChunkKeys keys, ChunkContext& context);
  /// Downloads the chunk that the function has stored to `output`.
  boost::asio::awaitable<Result<ChunkResult>> fetch(std::string result_key, std::filesystem::path output, protocol::Done done);
  /// Removes the chunk's own objects.
  boost::asio::awaitable<Result<void>> remove(ChunkKeys chunk);

  const std::string& render() const noexcept { return render_; }
  /// Whether an event was made: before that, nothing of this render is in the bucket but its composition.
  bool began() const noexcept { return began_; }
  /// Puts the cancel marker, which makes the render's functions end.
  boost::asio::awaitable<Result<void>> put_marker();
  /// Removes everything but the composition, which the next render may want.
  boost::asio::awaitable<Result<void>> remove_all(bool keep_marker);

 private:
  boost::asio::awaitable<Result<std::string>> manifest_of(std::string composition, ChunkContext& context);

  aws::S3Client& store_;
  lambda::InvocationEvent pattern_;
  std::string prefix_;
  std::string render_;
  bool began_{false};
  bool uploading_{false};
  std::optional<Result<std::string>> manifest_{};  ///< the manifest's key, or why the last upload failed
  boost::asio::steady_timer uploaded_;             ///< cancelled when `uploading_` ends
};

}  // namespace orchestrator
