#pragma once

#include "lambda/aws/http_failure.hpp"
#include "lambda/aws/http_message.hpp"
#include "lambda/aws/retry.hpp"

#include <orchestrator/error.hpp>

#include <optional>
#include <string>

namespace orchestrator::aws {

/// Why a request to AWS failed, for those who report it and for those who decide what comes next.
struct AwsFailure {
  Error error{};
  RetryClass retry{RetryClass::permanent};
  int status{0};                                           ///< 0: there was no response
  std::string name{};                                      ///< AWS's own ("NoSuchKey"), if it gave one
  std::string reason{};                                    ///< of a Lambda throttle: "CallerRateLimitExceeded"
  std::optional<std::chrono::milliseconds> retry_after{};  ///< what the service asked for
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

/// `permission` is what a policy has to allow for it ("s3:PutObject").
/// Name and message in the detail, behind `what` ("cannot PUT s3://bucket/key"). Errc by what mends it: invalid_options where the
/// user has to (rights, names), executor_unavailable where time may.
AwsFailure failure_of(const HttpResponse& response, const std::string& what, std::string_view permission = {});
AwsFailure failure_of(const HttpFailure& failure, const std::string& what);

}  // namespace orchestrator::aws
