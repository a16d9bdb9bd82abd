#include "lambda/aws/credential_plan.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;
using From = CredentialPlan::From;
using Profiles = std::map<std::string, AwsProfile>;

namespace {

const AwsProfile some_keys{{"aws_access_key_id", "PROFILE"}, {"aws_secret_access_key", "S"}};
const Environment variables{{"AWS_ACCESS_KEY_ID", "VARIABLE"}, {"AWS_SECRET_ACCESS_KEY", "S"}};

CredentialPlan plan(const CredentialOptions& options, const Environment& environment, const Profiles& config,
                    const Profiles& credentials) {
  const auto made = plan_credentials(options, environment, config, credentials);
  REQUIRE(made.has_value());
  return *made;
}

std::string error(const CredentialOptions& options, const Environment& environment) {
  const auto made = plan_credentials(options, environment, {}, {});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == Errc::invalid_options);
  return made.error().detail;
}

}  // namespace

TEST_CASE("credentials: options come before variables, variables before profiles, profiles before endpoints", "[aws]") {
  const CredentialOptions given{.keys = {"OPTION", "S", ""}};
  const Profiles profiles{{"default", some_keys}};
  CHECK(plan(given, variables, {}, profiles).keys.access_key_id == "OPTION");
  CHECK(plan({}, variables, {}, profiles).keys.access_key_id == "VARIABLE");
  CHECK(plan({}, {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}, {}, profiles).keys.access_key_id == "PROFILE");
  CHECK(plan({}, {}, {}, {}).from == From::instance);
  CHECK(plan({}, {{"AWS_ACCESS_KEY_ID", "half"}}, {}, profiles).keys.access_key_id == "PROFILE");
}

TEST_CASE("credentials: a profile that was named in the options comes before variables", "[aws]") {
  CHECK(plan({.profile = "farm"}, variables, {{"farm", some_keys}}, {}).keys.access_key_id == "PROFILE");
  CHECK(plan({}, {{"AWS_PROFILE", "farm"}}, {}, {{"farm", some_keys}}).keys.access_key_id == "PROFILE");
  CHECK(contains(error({.profile = "nobody"}, {{"HOME", "/h"}}), "nobody"));
  CHECK(contains(error({.profile = "nobody"}, {{"HOME", "/h"}}), "/h/.aws/credentials"));
  CHECK(contains(error({.profile = "nobody"}, {{"AWS_CONFIG_FILE", "/c"}}), "/c"));
}

TEST_CASE("credentials: keys in the credentials file win over those in the config file", "[aws]") {
  const AwsProfile other{{"aws_access_key_id", "CONFIG"}, {"aws_secret_access_key", "S"}};
  CHECK(plan({}, {}, {{"default", other}}, {{"default", some_keys}}).keys.access_key_id == "PROFILE");
}

TEST_CASE("credentials: what only the AWS CLI can fetch goes to it", "[aws]") {
  for (const char* setting : {"credential_process", "sso_session", "sso_start_url", "role_arn", "login_session"}) {
    INFO(setting);
    const CredentialPlan made = plan({.profile = "farm"}, {}, {{"farm", {{setting, "x"}}}}, {});
    CHECK(made.from == From::command_line);
    CHECK(made.profile == "farm");
  }
  AwsProfile role = some_keys;
  role["role_arn"] = "arn";
  CHECK(plan({}, {}, {{"default", role}}, {}).from == From::command_line);
  CHECK(plan({}, {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}}, {}, {}).from == From::command_line);
}

TEST_CASE("credentials: a container's endpoint is on this machine, at AWS's addresses, or https", "[aws]") {
  const CredentialPlan ecs = plan({}, {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"}}, {}, {});
  CHECK(ecs.from == From::container);
  CHECK(ecs.origin == "http://169.254.170.2");
  CHECK(ecs.path == "/v2/x");
  const auto full = [](const std::string& url) { return Environment{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}; };
  for (const char* url : {"http://127.0.0.1:51679/c", "http://localhost/c", "http://[::1]:80/c", "http://169.254.170.23/c",
                          "http://[fd00:ec2::23]/c", "https://anywhere.example/c"}) {
    INFO(url);
    CHECK(plan({}, full(url), {}, {}).path == "/c");
  }
  for (const char* url : {"http://evil.example/c", "http://127.0.0.1.evil.example/c", "http://127.0.0.1@evil.example/c",
                          "http://169.254.170.2.x/c", "ftp://127.0.0.1/", "nonsense", ""}) {
    INFO(url);
    CHECK(contains(error({}, full(url)), "AWS_CONTAINER_CREDENTIALS_FULL_URI"));
  }
}

TEST_CASE("credentials: the instance's metadata can be moved and switched off", "[aws]") {
  CHECK(plan({}, {}, {}, {}).origin == "http://169.254.169.254");
  CHECK(plan({}, {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[fd00:ec2::254]/"}}, {}, {}).origin == "http://[fd00:ec2::254]");
  CHECK(contains(error({}, {{"AWS_EC2_METADATA_DISABLED", "true"}}), "AWS_ACCESS_KEY_ID"));
}

TEST_CASE("region: variables come before the profile's, which need not be in the file of the keys", "[aws]") {
  const Profiles config{{"default", {{"region", "eu-west-1"}}}, {"farm", {{"region", "ap-south-1"}}}};
  CHECK(plan_region("", {{"AWS_REGION", "us-east-1"}, {"AWS_DEFAULT_REGION", "us-east-2"}}, config, {}) == "us-east-1");
  CHECK(plan_region("", {{"AWS_DEFAULT_REGION", "us-east-2"}}, config, {}) == "us-east-2");
  CHECK(plan_region("", {}, config, {{"default", some_keys}}) == "eu-west-1");
  CHECK(plan_region("", {{"AWS_PROFILE", "farm"}}, config, {}) == "ap-south-1");
  CHECK(plan_region("farm", {{"AWS_PROFILE", "default"}}, config, {}) == "ap-south-1");
  CHECK(plan_region("nobody", {}, config, {}).empty());
}
