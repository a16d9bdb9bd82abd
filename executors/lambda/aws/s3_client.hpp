#pragma once

#include "base/sha256.hpp"
#include "lambda/aws/signed_sender.hpp"

#include <cstdint>
#include <vector>

namespace orchestrator::aws {

struct S3Location {
  std::string region{};
  std::string bucket{};
  std::string endpoint{};  ///< "http://host:port"; empty: AWS
  bool path_style{false};  ///< http://host/bucket/key instead of http://bucket.host/key
  RetryRules retry{};      ///< for each request
};

struct S3PutOptions {
  bool only_if_absent{false};          ///< If-None-Match: *
  std::vector<HttpHeader> metadata{};  ///< names without "x-amz-meta-"
  std::string content_type{"application/octet-stream"};
};
enum class S3Put { stored, was_there };

struct S3Object {
  std::string key{};
  std::int64_t bytes{0};
  std::vector<HttpHeader> metadata{};  ///< by head() only; names without "x-amz-meta-", in lower case
};

/// One bucket of S3, or of a store that speaks its protocol. Every error names bucket and key.
/// Threads and ownership: as SignedSender. Cancellation: terminal.
class S3Client {
 public:
  S3Client(HttpClient& http, CredentialSource& credentials, RetryBudget& budget, S3Location location);
  /// `tell` is called for each throttled attempt, before the wait that follows it.
  void on_throttled(std::function<void(const AwsFailure&)> tell) { sender_.on_throttled(std::move(tell)); }

  boost::asio::awaitable<AwsResult<S3Put>> put(std::string key, std::string bytes, S3PutOptions options = {});
  /// `sha256` is the file's; the service refuses other content.
  boost::asio::awaitable<AwsResult<S3Put>> put_file(std::string key, std::filesystem::path file, std::string sha256,
                                                    S3PutOptions options = {});
  /// Errors: a failure named "NoSuchKey"; Errc::protocol_error if the object is longer than `max_bytes`.
  boost::asio::awaitable<AwsResult<std::string>> get(std::string key, std::size_t max_bytes);
  /// Writes a file, which is removed again if this fails. `sha256` may be empty: not known.
  /// Errors: "NoSuchKey"; Errc::protocol_error for other content; output_unwritable for a full disk.
  boost::asio::awaitable<AwsResult<FileDigest>> get_file(std::string key, std::filesystem::path file, std::string sha256);
  /// Nothing if the object or the whole bucket is missing: a HEAD does not tell which.
  boost::asio::awaitable<AwsResult<std::optional<S3Object>>> head(std::string key);
  /// A missing object is no error.
  boost::asio::awaitable<AwsResult<void>> remove_all(std::vector<std::string> keys);
  /// Every object whose key begins with `prefix`.
  boost::asio::awaitable<AwsResult<std::vector<S3Object>>> list(std::string prefix);

 private:
  AwsCall call(std::string method, const std::string& key) const;
  AwsCall put_call(const std::string& key, std::string sha256, const S3PutOptions& options) const;
  boost::asio::awaitable<AwsResult<S3Put>> send_put(AwsCall call, bool only_if_absent);
  boost::asio::awaitable<AwsResult<void>> remove_batch(std::vector<std::string> keys);

  S3Location location_;
  SignedSender sender_;
};

}  // namespace orchestrator::aws
