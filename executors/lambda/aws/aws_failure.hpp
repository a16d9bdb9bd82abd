#pragma once

#include "lambda/aws/http_failure.hpp"
#include "lambda/aws/http_message.hpp"
#include "lambda/aws/retry.hpp"

#include <orchestrator/error.hpp>

#include <optional>
#include <string>

namespace orchestrator::aws {

/// Why a request to AWS failed: `error` is for reports, the rest is for deciding what to do next.
struct AwsFailure {
  Error error{};
  RetryClass retry{RetryClass::permanent};
  int status{0};                                           ///< 0: there was no response
  std::string name{};                                      ///< AWS's name for the error ("NoSuchKey"); may be empty
  std::string reason{};                                    ///< why Lambda throttles: "CallerRateLimitExceeded"
  std::optional<std::chrono::milliseconds> retry_after{};  ///< the wait that the service asked for
  bool may_have_run{false};                                ///< the request may have been acted upon
};

[[noreturn]] void throw_exception_from_error(const AwsFailure& failure, const boost::source_location& where);

template <class T>
using AwsResult = boost::system::result<T, AwsFailure>;

/// What a response that is not 2xx says: x-amzn-ErrorType and JSON (Lambda), or XML (S3).
struct AwsAnswer {
  std::string name{};
  std::string message{};
  std::string reason{};
};
AwsAnswer parse_error_answer(const HttpResponse& response);

/// Makes a failure of an answer without success, or of a failed transfer. Its detail is `what` ("cannot PUT s3://bucket/key") and
/// then AWS's name and message. Its code is invalid_options where the user has to change something (rights, names),
/// executor_unavailable where waiting may help. `permission` is what a policy has to allow for this request ("s3:PutObject").
AwsFailure failure_of(const HttpResponse& response, const std::string& what, std::string_view permission = {});
AwsFailure failure_of(const HttpFailure& failure, const std::string& what);

}  // namespace orchestrator::aws
