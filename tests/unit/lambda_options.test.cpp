#include "lambda/executor/validate_options.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <vector>

using namespace orchestrator;
using orchestrator::test::contains;

TEST_CASE("lambda options: what is wrong is refused before AWS is asked, by its field", "[lambda]") {
  struct Row {
    const char* field;
    std::function<void(LambdaExecutorOptions&)> spoil;
  };
  const std::vector<Row> rows{
      {"lambda.function: ", [](auto& o) { o.function.clear(); }},
      {"lambda.bucket: ", [](auto& o) { o.bucket.clear(); }},
      {"lambda.bucket: 's3://renders'", [](auto& o) { o.bucket = "s3://renders"; }},
      {"lambda.bucket: 'renders/mine'", [](auto& o) { o.bucket = "renders/mine"; }},
      {"lambda.region: ", [](auto& o) { o.region.clear(); }},
      {"lambda.region: 'evil.com/'", [](auto& o) { o.region = "evil.com/"; }},
      {"lambda.region: it is eu-west-1, but the function's ARN is of us-east-1",
       [](auto& o) { o.function = "arn:aws:lambda:us-east-1:123456789012:function:render"; }},
      {"lambda.access_key_id and secret_access_key", [](auto& o) { o.access_key_id = "AKID"; }},
      {"lambda.access_key_id and secret_access_key", [](auto& o) { o.secret_access_key = "hidden"; }},
      {"lambda.lambda_endpoint: 'localhost:4566'", [](auto& o) { o.lambda_endpoint = "localhost:4566"; }},
      {"lambda.lambda_endpoint: ", [](auto& o) { o.lambda_endpoint = "http://host/2015-03-31"; }},
      {"lambda.s3_endpoint: ", [](auto& o) { o.s3_endpoint = "http://user:word@host"; }},
      {"lambda.s3_endpoint: ", [](auto& o) { o.s3_endpoint = "https://"; }},
      {"lambda.s3_endpoint: ", [](auto& o) { o.s3_endpoint = "file:///etc"; }},
      {"lambda.max_concurrency: ", [](auto& o) { o.max_concurrency = 0; }},
      {"lambda.max_concurrency: ", [](auto& o) { o.max_concurrency = 10'001; }},
      {"lambda.attempts: ", [](auto& o) { o.attempts = 0; }},
      {"lambda.chunk_timeout: ", [](auto& o) { o.chunk_timeout = std::chrono::seconds(901); }},
      {"lambda.silence_timeout: ", [](auto& o) { o.silence_timeout = std::chrono::seconds(-1); }},
      {"lambda.silence_timeout: ", [](auto& o) { o.silence_timeout = std::chrono::seconds(2); }},
      {"lambda.memory_mb: ", [](auto& o) { o.memory_mb = 64; }},
  };
  const LambdaExecutorOptions good{.function = "render", .bucket = "my-renders", .region = "eu-west-1"};
  REQUIRE(validate(good).has_value());
  for (const Row& row : rows) {
    LambdaExecutorOptions options = good;
    row.spoil(options);
    const auto checked = validate(options);
    CAPTURE(row.field);
    REQUIRE_FALSE(checked.has_value());
    CAPTURE(checked.error().detail);
    CHECK(checked.error().code == Errc::invalid_options);
    CHECK(checked.error().detail.starts_with(row.field));
    CHECK_FALSE(contains(checked.error().detail, "hidden"));
  }
}

TEST_CASE("lambda options: other stores' names and addresses are taken", "[lambda]") {
  LambdaExecutorOptions options{.function = "arn:aws:lambda:eu-west-1:123456789012:function:render:live",
                                .bucket = "My_Renders.2026",
                                .prefix = "",
                                .region = "eu-west-1",
                                .lambda_endpoint = "http://127.0.0.1:9001/",
                                .s3_endpoint = "https://[::1]:9000"};
  CHECK(validate(options).has_value());
}

TEST_CASE("lambda options: an ARN says its region, a name none", "[lambda]") {
  CHECK(region_of_arn("arn:aws:lambda:eu-west-1:123456789012:function:render:live") == "eu-west-1");
  for (const char* name : {"render", "render:live", "arn:aws:lambda", "arn:", ""}) CHECK(region_of_arn(name).empty());
}
