#include "lambda/aws/aws_config.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::aws;

TEST_CASE("aws config: profiles of both files, as the AWS CLI reads them", "[aws]") {
  const auto config = parse_aws_file(
      "# comment\n"
      "[default]\n"
      "region = eu-west-1\n"
      "s3 =\n"
      "  aws_access_key_id = nested, not a key\n"
      "[profile farm]\r\n"
      "role_arn=arn:aws:iam::1:role/r ; why\r\n"
      "secret = a#b;c\n"
      "not a setting\n"
      "= no name\n"
      "[sso-session x]\n"
      "sso_start_url = elsewhere\n"
      "[ profile \"with blank\" ]\n"
      "region = us-east-1\n"
      "[profiles]\n"
      "region = none\n",
      AwsFile::config);
  CHECK(config.size() == 3);
  CHECK(config.at("default") == AwsProfile{{"region", "eu-west-1"}, {"s3", ""}});
  CHECK(config.at("farm") == AwsProfile{{"role_arn", "arn:aws:iam::1:role/r"}, {"secret", "a#b;c"}});
  CHECK(config.at("with blank") == AwsProfile{{"region", "us-east-1"}});
  const auto credentials = parse_aws_file("lost = 1\n[farm]\naws_access_key_id = AK\n[broken\nx = 1", AwsFile::credentials);
  CHECK(credentials.size() == 1);
  CHECK(credentials.at("farm") == AwsProfile{{"aws_access_key_id", "AK"}});
}

TEST_CASE("aws config: times with offsets and fractions", "[aws]") {
  const std::chrono::sys_seconds noon = std::chrono::sys_days{std::chrono::November / 20 / 2026} + std::chrono::hours(12);
  for (const char* text : {"2026-11-20T12:00:00Z", "2026-11-20T12:00:00+00:00", "2026-11-20T12:00:00.123456Z",
                           "2026-11-20T14:30:00+02:30", "2026-11-20T07:00:00-0500"}) {
    INFO(text);
    CHECK(parse_iso_time(text) == noon);
  }
  for (const char* text : {"", "2026-11-20", "2026-11-20T12:00:00", "2026-02-30T12:00:00Z", "2026-11-20T12:00:00X",
                           "2026-11-20T12:-1:00Z", "yyyy-11-20T12:00:00Z", "2026-11-20T12:00:00+"}) {
    INFO(text);
    CHECK_FALSE(parse_iso_time(text).has_value());
  }
}

TEST_CASE("aws config: credentials in JSON, whoever wrote them", "[aws]") {
  const auto program = parse_credentials_json(
      R"({"Version":1,"AccessKeyId":"AK","SecretAccessKey":"SK","SessionToken":"T","Expiration":"2026-11-20T12:00:00+00:00"})");
  REQUIRE(program.has_value());
  CHECK(program->keys.access_key_id == "AK");
  CHECK(program->keys.secret_access_key == "SK");
  CHECK(program->keys.session_token == "T");
  CHECK(program->expires.has_value());
  const auto endpoint = parse_credentials_json(R"({"Code":"Success","AccessKeyId":"AK","SecretAccessKey":"SK","Token":"T"})");
  REQUIRE(endpoint.has_value());
  CHECK(endpoint->keys.session_token == "T");
  CHECK_FALSE(endpoint->expires.has_value());
  for (const char* json : {"", "[]", "{}", R"({"AccessKeyId":"AK"})", R"({"AccessKeyId":"AK","SecretAccessKey":1})",
                           R"({"AccessKeyId":"AK","SecretAccessKey":"SK","Expiration":"soon"})"}) {
    INFO(json);
    CHECK_FALSE(parse_credentials_json(json).has_value());
  }
}
