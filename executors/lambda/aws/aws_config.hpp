#pragma once

#include "lambda/aws/sigv4.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator::aws {

using AwsProfile = std::map<std::string, std::string>;

enum class AwsFile { config, credentials };  ///< a profile begins with "[profile NAME]" in config, with "[NAME]" in credentials

/// The profiles in a file that the AWS CLI and SDKs share. Lines that belong to no profile are skipped, as the CLI skips them.
std::map<std::string, AwsProfile> parse_aws_file(std::string_view text, AwsFile kind);

/// "2026-11-20T12:00:00Z", or with an offset ("+00:00"), with or without a fraction.
std::optional<std::chrono::sys_seconds> parse_iso_time(std::string_view text);

struct ExpiringCredentials {
  Credentials keys{};
  std::optional<std::chrono::sys_seconds> expires{};
};
/// Reads the JSON of `aws configure export-credentials`, of a container's endpoint or of instance metadata. It returns nothing,
/// not an error, if it cannot: no error may quote secrets.
std::optional<ExpiringCredentials> parse_credentials_json(std::string_view json);

}  // namespace orchestrator::aws
