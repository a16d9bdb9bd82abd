#pragma once

#include "lambda/aws/signed_sender.hpp"

namespace orchestrator::aws {

struct LambdaTarget {
  std::string region{};
  std::string function{};   ///< name, "name:qualifier" or ARN
  std::string qualifier{};  ///< version or alias; empty: what `function` says, or $LATEST
  std::string endpoint{};   ///< "http://host:port"; empty: AWS
};

struct LambdaInvocation {
  std::string payload{};
  /// 0: wait as long as the service does (a function runs for 900 s at most). A function that sends heartbeats allows less.
  std::chrono::milliseconds silence_timeout{0};
  std::chrono::milliseconds total_timeout{0};  ///< 0: none
};

/// Invokes one function. Each call is one attempt, except that one with expired credentials or a wrong clock is repeated. The
/// caller decides about further attempts: the failure says when (`retry`, `retry_after`) and whether the function may be running.
/// Threads and ownership: as SignedSender. Cancellation: terminal; a function that was started runs on.
class LambdaClient {
 public:
  LambdaClient(HttpClient& http, CredentialSource& credentials, RetryBudget& budget, LambdaTarget target);

  /// InvokeWithResponseStream. `on_bytes` gets the function's answer as it comes, also if the invocation fails later; it must not
  /// call the client. Errors: the function failed, the stream was cut off, or the service refused.
  boost::asio::awaitable<AwsResult<void>> invoke_streaming(LambdaInvocation invocation,
                                                           std::function<void(std::string_view)> on_bytes);
  /// Invoke: the whole answer at once.
  boost::asio::awaitable<AwsResult<std::string>> invoke(LambdaInvocation invocation);

 private:
  AwsCall call(std::string_view version, std::string_view operation, LambdaInvocation invocation) const;

  LambdaTarget target_;
  SignedSender sender_;
};

/// A failure that the function or its sandbox reports: type, and what AWS says about it.
AwsFailure function_failure(const std::string& what, const std::string& type, const std::string& message);

}  // namespace orchestrator::aws
