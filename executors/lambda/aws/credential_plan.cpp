#include "lambda/aws/credential_plan.hpp"

#include "base/web_url.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace orchestrator::aws {

namespace {

using From = CredentialPlan::From;
using Profiles = std::map<std::string, AwsProfile>;

template <class Map>
std::string value_of(const Map& map, const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? std::string() : found->second;
}

Credentials keys_of(const AwsProfile& profile) {
  return {value_of(profile, "aws_access_key_id"), value_of(profile, "aws_secret_access_key"),
          value_of(profile, "aws_session_token")};
}

bool is_complete(const Credentials& keys) { return !keys.access_key_id.empty() && !keys.secret_access_key.empty(); }

Error wrong(std::string detail) { return {.code = Errc::invalid_options, .detail = std::move(detail), .stage = Stage::start}; }

/// A profile's settings in both files; the credentials file wins (AWS CLI, "Configuration and credential precedence").
AwsProfile merged(const std::string& name, const Profiles& config, const Profiles& credentials) {
  AwsProfile profile;
  if (const auto found = credentials.find(name); found != credentials.end()) profile = found->second;
  if (const auto found = config.find(name); found != config.end()) profile.insert(found->second.begin(), found->second.end());
  return profile;
}

std::string profile_name(const std::string& chosen, const Environment& environment) {
  if (!chosen.empty()) return chosen;
  const std::string named = value_of(environment, "AWS_PROFILE");
  return named.empty() ? "default" : named;
}

/// Whether only the AWS CLI can get the keys of a profile: from a program, by SSO, a login or a web identity.
bool needs_command_line(const AwsProfile& profile) {
  constexpr std::array<const char*, 5> settings{"credential_process", "sso_session", "sso_start_url", "login_session",
                                                "web_identity_token_file"};
  return std::any_of(settings.begin(), settings.end(), [&](const char* name) { return profile.contains(name); });
}

struct Url {
  std::string origin{};
  std::string path{"/"};
};
Url split(const std::string& url) {
  const auto scheme = url.find("://");
  const auto slash = scheme == std::string::npos ? std::string::npos : url.find('/', scheme + 3);
  return {url.substr(0, slash), slash == std::string::npos ? "/" : url.substr(slash)};
}

/// Whether `origin` may be asked for credentials. A token is sent there, so it has to be https, this machine, or an address of
/// ECS or EKS (AWS SDKs, "Container credential provider").
bool may_be_container(const std::string& origin) {
  if (origin.starts_with("https://")) return true;
  constexpr std::array<std::string_view, 6> hosts{"http://127.0.0.1",     "http://localhost",      "http://[::1]",
                                                  "http://169.254.170.2", "http://169.254.170.23", "http://[fd00:ec2::23]"};
  const std::size_t bracket = origin.find(']');  // ends an IPv6 address, which holds colons itself
  const std::size_t port = origin.find(':', bracket == std::string::npos ? std::string_view("http:").size() : bracket);
  const std::string_view host = std::string_view(origin).substr(0, port);
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

Result<CredentialPlan> container_plan(const Environment& environment) {
  const std::string relative = value_of(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) return CredentialPlan{.from = From::container, .origin = "http://169.254.170.2", .path = relative};
  const Url url = split(value_of(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"));
  if (!may_be_container(url.origin)) {
    return wrong("AWS_CONTAINER_CREDENTIALS_FULL_URI=" + without_login(url.origin) +
                 " is neither https nor on this machine; correct or unset it");
  }
  return CredentialPlan{.from = From::container, .origin = url.origin, .path = url.path};
}

Result<CredentialPlan> instance_plan(const Environment& environment) {
  if (value_of(environment, "AWS_EC2_METADATA_DISABLED") == "true") {
    return wrong(
        "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run `aws configure` "
        "(AWS_EC2_METADATA_DISABLED=true: this machine's role is not asked for)");
  }
  const std::string chosen = value_of(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  return CredentialPlan{.from = From::instance, .origin = chosen.empty() ? "http://169.254.169.254" : split(chosen).origin};
}

}  // namespace

Environment aws_environment() {
  Environment found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {  // null after clearenv(3)
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    const bool wanted = text.starts_with("AWS_") || text.starts_with("HOME=");
    if (wanted && equals != std::string_view::npos) found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

std::filesystem::path shared_file(AwsFile kind, const Environment& environment) {
  const bool config = kind == AwsFile::config;
  const std::string chosen = value_of(environment, config ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE");
  if (!chosen.empty()) return chosen;
  return std::filesystem::path(value_of(environment, "HOME")) / ".aws" / (config ? "config" : "credentials");
}

std::string plan_region(const std::string& profile, const Environment& environment, const Profiles& config,
                        const Profiles& credentials) {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string region = value_of(environment, variable); !region.empty()) return region;
  }
  return value_of(merged(profile_name(profile, environment), config, credentials), "region");
}

Result<CredentialPlan> plan_credentials(const CredentialOptions& options, const Environment& environment, const Profiles& config,
                                        const Profiles& credentials) {
  if (is_complete(options.keys)) return CredentialPlan{.keys = options.keys};
  const Credentials variables{value_of(environment, "AWS_ACCESS_KEY_ID"), value_of(environment, "AWS_SECRET_ACCESS_KEY"),
                              value_of(environment, "AWS_SESSION_TOKEN")};
  if (options.profile.empty() && is_complete(variables)) return CredentialPlan{.keys = variables};
  const std::string named = options.profile.empty() ? value_of(environment, "AWS_PROFILE") : options.profile;
  if (named.empty() && environment.contains("AWS_WEB_IDENTITY_TOKEN_FILE")) return CredentialPlan{.from = From::command_line};

  const std::string name = profile_name(options.profile, environment);
  const AwsProfile profile = merged(name, config, credentials);
  // A profile with a role may also hold the keys that the role is assumed with; the role's own keys are wanted.
  if (profile.contains("role_arn")) return CredentialPlan{.from = From::command_line, .profile = name};
  if (const Credentials keys = keys_of(profile); is_complete(keys)) return CredentialPlan{.keys = keys};
  if (needs_command_line(profile)) return CredentialPlan{.from = From::command_line, .profile = name};
  if (!named.empty()) {
    return wrong("the AWS profile " + name + " has no credentials in " + shared_file(AwsFile::config, environment).string() +
                 " or " + shared_file(AwsFile::credentials, environment).string() + ": correct its name, or `aws configure` it");
  }
  for (const char* variable : {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
    if (environment.contains(variable)) return container_plan(environment);
  }
  return instance_plan(environment);
}

}  // namespace orchestrator::aws
