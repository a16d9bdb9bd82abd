#include "lambda/executor/validate_options.hpp"

#include "lambda/messages/invocation_event.hpp"

#include <orchestrator/worker/composition.hpp>
#include <orchestrator/worker/option_checks.hpp>

#include <algorithm>

namespace orchestrator {

namespace {

// "Lambda quotas" of the developer guide.
constexpr std::chrono::seconds longest_timeout{900};
constexpr std::chrono::seconds shortest_silence{5};
constexpr int least_memory_mb = 128, most_memory_mb = 10'240;
// A limit for the connections of one process; AWS's own limit is learned from its refusals.
constexpr int most_invocations = 10'000;

Error wrong(const std::string& what) {
  return Error{.code = Errc::invalid_options, .detail = "lambda." + what, .stage = Stage::start};
}

/// A region becomes part of a host's name.
bool is_region_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// Other stores allow all of these characters in a bucket's name; S3 allows fewer.
bool is_bucket_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

Result<void> validate_names(const LambdaExecutorOptions& options) {
  if (options.function.empty()) return wrong("function: name the function, by its name or ARN");
  if (options.bucket.empty()) return wrong("bucket: name the S3 bucket through which chunks pass");
  if (!is_bucket_name(options.bucket)) {
    return wrong("bucket: '" + options.bucket + "' is no bucket's name; give it without s3:// and without a path");
  }
  if (options.region.empty()) return wrong("region: no region is known; name it, or set AWS_REGION");
  if (!is_region_name(options.region)) return wrong("region: '" + options.region + "' is no region's name, like eu-west-1");
  const std::string arn_region = region_of_arn(options.function);
  if (!arn_region.empty() && arn_region != options.region) {
    return wrong("region: it is " + options.region + ", but the function's ARN is of " + arn_region);
  }
  const bool has_id = !options.access_key_id.empty(), has_secret = !options.secret_access_key.empty();
  if (has_id != has_secret) return wrong("access_key_id and secret_access_key: one is set and the other is not");
  return {};
}

Result<void> validate_endpoints(const LambdaExecutorOptions& options) {
  const std::pair<const char*, const std::string&> endpoints[]{{"lambda_endpoint", options.lambda_endpoint},
                                                               {"s3_endpoint", options.s3_endpoint}};
  for (const auto& [name, endpoint] : endpoints) {
    if (endpoint.empty() || lambda::is_endpoint(endpoint)) continue;
    return wrong(std::string(name) + ": '" + without_login(endpoint) + "' is not of the form http://HOST:PORT or https://HOST");
  }
  return {};
}

Result<void> validate_limits(const LambdaExecutorOptions& options) {
  if (options.max_concurrency < 1 || options.max_concurrency > most_invocations) {
    return wrong("max_concurrency: must be 1 ... 10000");
  }
  if (options.attempts < 1) return wrong("attempts: must be at least 1");
  if (options.chunk_timeout < std::chrono::seconds(1) || options.chunk_timeout > longest_timeout) {
    return wrong("chunk_timeout: must be 1 ... 900 s");
  }
  if (options.silence_timeout.count() != 0 && options.silence_timeout < shortest_silence) {
    return wrong("silence_timeout: must be 5 s or more (0: wait for ever): functions give a sign of life every 2 s");
  }
  if (options.memory_mb < least_memory_mb || options.memory_mb > most_memory_mb) {
    return wrong("memory_mb: must be 128 ... 10240");
  }
  return check_time("lambda.silence_timeout", options.silence_timeout, std::chrono::milliseconds(0));
}

}  // namespace

std::string region_of_arn(std::string_view function) {
  if (!function.starts_with("arn:")) return {};
  for (int colons = 0; colons < 3; ++colons) {
    const auto colon = function.find(':');
    if (colon == std::string_view::npos) return {};
    function.remove_prefix(colon + 1);
  }
  return std::string(function.substr(0, function.find(':')));
}

Result<void> validate(const LambdaExecutorOptions& options) {
  for (const auto check : {validate_names, validate_endpoints, validate_limits}) {
    if (auto valid = check(options); !valid) return valid;
  }
  return {};
}

}  // namespace orchestrator
