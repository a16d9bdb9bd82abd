#pragma once

#include "lambda/aws/aws_config.hpp"

#include <orchestrator/error.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace orchestrator::aws {

/// Where this process may get credentials from.
struct CredentialOptions {
  Credentials keys{};     ///< used, if complete, without looking anywhere else
  std::string profile{};  ///< of the shared files; empty: AWS_PROFILE, or "default"
};

/// The environment variables AWS_* and HOME by name.
using Environment = std::map<std::string, std::string>;
Environment aws_environment();
/// AWS_CONFIG_FILE or ~/.aws/config; AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials.
std::filesystem::path shared_file(AwsFile kind, const Environment& environment);

/// How to get credentials.
struct CredentialPlan {
  enum class From { keys, command_line, container, instance } from{From::keys};
  Credentials keys{};
  std::string profile{};  ///< for the AWS CLI; empty: the CLI's environment decides
  std::string origin{};   ///< of the endpoint, for `container` and `instance`
  std::string path{"/"};
};

/// The first source that applies: keys of the options, of the environment, a role for a web identity, the profile, a container's
/// endpoint, the metadata of an EC2 instance. Errors: Errc::invalid_options, saying what may be set.
Result<CredentialPlan> plan_credentials(const CredentialOptions& options, const Environment& environment,
                                        const std::map<std::string, AwsProfile>& config,
                                        const std::map<std::string, AwsProfile>& credentials);

/// The region in AWS_REGION, AWS_DEFAULT_REGION or the profile, in this order; empty: none is set.
std::string plan_region(const std::string& profile, const Environment& environment,
                        const std::map<std::string, AwsProfile>& config, const std::map<std::string, AwsProfile>& credentials);

}  // namespace orchestrator::aws
