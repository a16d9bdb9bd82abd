#pragma once

#include "base/sha256.hpp"
#include "lambda/aws/s3_client.hpp"
#include "lambda/messages/invocation_event.hpp"
#include "media/output_format.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <string>

namespace orchestrator::lambda {

/// The bucket that an event names, as far as the function needs it. Errors name bucket and key. Cancellation: terminal.
class FunctionStore {
 public:
  /// `http` and `credentials` must outlive it.
  FunctionStore(aws::HttpClient& http, aws::CredentialSource& credentials, const StorePlace& place)
      : s3_(http, credentials, budget_, location(place, {})), polls_(http, credentials, budget_, location(place, poll_rules)) {}

  boost::asio::awaitable<Result<std::string>> read(std::string key);
  /// Fetches an object. Afterwards the file is there with the SHA-256 that `expected` says, or it is not there.
  boost::asio::awaitable<aws::AwsResult<void>> fetch(std::string key, std::filesystem::path file, FileDigest expected);
  /// Whether the object is there. It asks only once: callers ask again anyway, and want to know of a failure.
  boost::asio::awaitable<Result<bool>> poll(std::string key);
  /// Stores the file unless the object exists, which is then the same chunk, rendered before. Returns the object's digest.
  boost::asio::awaitable<Result<FileDigest>> put_once(std::string key, std::filesystem::path file, const Container& container,
                                                      FileDigest digest);

 private:
  static constexpr aws::RetryRules poll_rules{.attempts = 1, .waits_out_throttling = false};
  static aws::S3Location location(const StorePlace& place, const aws::RetryRules& retry);

  aws::RetryBudget budget_{};
  aws::S3Client s3_;
  aws::S3Client polls_;
};

}  // namespace orchestrator::lambda
