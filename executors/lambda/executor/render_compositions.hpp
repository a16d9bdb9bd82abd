#pragma once

#include "lambda/aws/s3_client.hpp"

#include <orchestrator/error.hpp>
#include <orchestrator/render_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <optional>
#include <string>

namespace orchestrator {

/// The compositions of one render's chunks, each uploaded once. Everything on one strand.
class RenderCompositions {
 public:
  /// `store` must outlive it.
  RenderCompositions(boost::asio::any_io_executor loop, aws::S3Client& store, std::string prefix)
      : loop_(std::move(loop)), store_(store), prefix_(std::move(prefix)) {}

  /// The key of the manifest of a local composition, which is uploaded now unless it was before. An upload that fails does so for
  /// all who waited for it, and later callers try again. Errors and cancellation: as upload_composition().
  boost::asio::awaitable<Result<std::string>> manifest_of(std::string composition, ChunkContext& context);

 private:
  struct Upload {
    bool under_way{false};
    std::optional<Result<std::string>> manifest{};  ///< the manifest's key, or why the last upload failed
    boost::asio::steady_timer ended;                ///< cancelled when it is not under way any more
  };
  Upload& upload_of(const std::string& composition);

  boost::asio::any_io_executor loop_;
  aws::S3Client& store_;
  std::string prefix_;
  std::map<std::string, Upload> uploads_{};  ///< by the composition's path
};

}  // namespace orchestrator
