#include "lambda/aws/aws_failure.hpp"

#include "base/json_reader.hpp"
#include "lambda/aws/xml.hpp"

namespace orchestrator::aws {

namespace {

/// What a user can do about an error that AWS calls `name`; empty if nothing is known to help.
std::string advice(const HttpResponse& response, std::string_view name, std::string_view permission) {
  const int status = response.status;
  if (name == "ExpiredToken" || name == "ExpiredTokenException") return "the credentials have expired: renew them";
  if (name == "InvalidAccessKeyId" || name == "UnrecognizedClientException" || name == "InvalidClientTokenId") {
    return "the service does not know the access key: check the credentials";
  }
  if (name == "SignatureDoesNotMatch" || name == "InvalidSignatureException") {
    return "the signature is refused: check the secret key, the region and this machine's clock";
  }
  if (name == "RequestTimeTooSkewed" || name == "RequestExpired") return "set this machine's clock";
  if (name == "NoSuchBucket") return "create the bucket, or correct its name";
  if (status == 301 || status == 307 || name == "AuthorizationHeaderMalformed") {
    const std::string_view region = find_header(response.headers, "x-amz-bucket-region");
    return "the bucket is in " + (region.empty() ? "another region" : "the region " + std::string(region)) +
           ": correct the region";
  }
  if (name == "ResourceNotFoundException") return "deploy the function, or correct its name, qualifier and region";
  if (status == 403 || name == "AccessDenied") {
    const std::string needed = permission.empty() ? "" : ", which has to grant " + std::string(permission);
    return "the credentials' policy does not allow it" + needed;
  }
  if (status == 413) return "the request is too large for the service";
  return "";
}

}  // namespace

void throw_exception_from_error(const AwsFailure& failure, const boost::source_location&) {
  throw RenderException(failure.error);
}

AwsAnswer parse_error_answer(const HttpResponse& response) {
  AwsAnswer answer;
  const std::string_view type = find_header(response.headers, "x-amzn-ErrorType");
  answer.name = type.substr(0, type.find(':'));  // "ThrottlingException:http://internal..."
  if (response.body.starts_with('{')) {
    std::string capital;
    static_cast<void>(read_json(response.body, "error", [&](JsonReader reader) {
      reader.read("message", answer.message).read("Message", capital).read("Reason", answer.reason);
    }));
    if (answer.message.empty()) answer.message = capital;
  } else {
    if (answer.name.empty()) answer.name = xml_text(response.body, "Code");
    answer.message = xml_text(response.body, "Message");
  }
  return answer;
}

AwsFailure failure_of(const HttpResponse& response, const std::string& what, std::string_view permission) {
  const AwsAnswer answer = parse_error_answer(response);
  AwsFailure failure{.retry = classify(response.status, answer.name),
                     .status = response.status,
                     .name = answer.name,
                     .reason = answer.reason,
                     .retry_after = parse_retry_after(find_header(response.headers, "Retry-After"))};
  failure.may_have_run = failure.retry == RetryClass::transient;
  const bool passes = failure.retry == RetryClass::transient || failure.retry == RetryClass::throttled;
  std::string detail = what + ": " + std::to_string(response.status);
  for (const std::string& part : {answer.name, answer.reason, answer.message}) {
    if (!part.empty()) detail += " " + part;
  }
  if (const std::string remedy = advice(response, answer.name, permission); !remedy.empty()) detail += "; " + remedy;
  failure.error = {
      .code = passes ? Errc::executor_unavailable : Errc::invalid_options, .detail = std::move(detail), .stage = Stage::start};
  return failure;
}

AwsFailure failure_of(const HttpFailure& failure, const std::string& what) {
  using Kind = HttpFailure::Kind;
  const RetryClass retry = classify(failure.kind);
  Errc code = retry == RetryClass::transient ? Errc::executor_unavailable : Errc::invalid_options;
  if (failure.kind == Kind::cancelled) code = Errc::cancelled;
  if (failure.kind == Kind::too_large || failure.kind == Kind::stopped) code = Errc::protocol_error;
  return {.error = {.code = code, .detail = what + ": " + failure.detail, .stage = Stage::start},
          .retry = retry,
          .may_have_run = failure.kind != Kind::unreachable && failure.kind != Kind::refused && failure.kind != Kind::untrusted};
}

}  // namespace orchestrator::aws
