#pragma once

#include "lambda/aws/aws_failure.hpp"
#include "lambda/aws/credential_source.hpp"
#include "lambda/aws/http_client.hpp"
#include "lambda/aws/sigv4.hpp"

#include <functional>
#include <random>

namespace orchestrator::aws {

/// A request of one service before it is signed, and what to do when it fails.
struct AwsCall {
  HttpRequest request{};
  std::string payload_sha256{};
  std::string what{};        ///< "cannot PUT s3://bucket/key": begins every error
  std::string permission{};  ///< "s3:PutObject": what a policy has to grant for it
  HttpSendOptions options{};
  RetryRules rules{};
  std::function<void()> on_attempt{};  ///< before each attempt: forget what on_body has taken so far
};

/// Signs, sends, and tries again where that may help: with new credentials if the old ones expired, with the service's time if
/// this machine's clock is off, after a back-off if the fault may pass.
/// Threads: the HTTP client's. Ownership: client, credentials and budget must outlive it.
class SignedSender {
 public:
  SignedSender(HttpClient& http, CredentialSource& credentials, RetryBudget& budget, SigningScope scope);

  /// A 2xx response. Cancellation: terminal.
  boost::asio::awaitable<AwsResult<HttpResponse>> send(AwsCall call);
  /// `tell` is called for each throttled attempt, before the wait that follows it.
  void on_throttled(std::function<void(const AwsFailure&)> tell) { on_throttled_ = std::move(tell); }

 private:
  boost::asio::awaitable<AwsResult<HttpResponse>> attempt(const AwsCall& call, const Credentials& keys);
  bool corrects_clock(const HttpResponse& response, std::chrono::seconds signed_with);

  HttpClient* http_;
  CredentialSource* credentials_;
  RetryBudget* budget_;
  SigningScope scope_;
  std::function<void(const AwsFailure&)> on_throttled_{};
  std::chrono::seconds clock_offset_{0};  // the service's clock minus this machine's
  std::mt19937 random_{std::random_device{}()};
};

/// "lambda.eu-west-1.amazonaws.com"; China's regions end in ".amazonaws.com.cn".
std::string service_host(const std::string& service, const std::string& region);
/// An endpoint that a user gave, without a '/' at its end.
std::string origin_of(std::string endpoint);

}  // namespace orchestrator::aws
