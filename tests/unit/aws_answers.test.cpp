#include "lambda/aws/lambda_client.hpp"
#include "lambda/aws/s3_messages.hpp"
#include "lambda/aws/xml.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;

namespace {

AwsFailure xml_failure(int status, const std::string& code) {
  return failure_of(HttpResponse{.status = status, .body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>"},
                    "cannot PUT s3://bucket/key");
}

}  // namespace

TEST_CASE("xml: text with entities, and elements in their order", "[aws]") {
  CHECK(xml_text("<a><Key>&lt;b&gt; &amp;amp; &quot;&apos;&unknown;</Key></a>", "Key") == "<b> &amp; \"'&unknown;");
  CHECK(xml_text("<a><Key>cut off", "Key").empty());
  CHECK(xml_text("", "Key").empty());
  CHECK(xml_elements("<x>1</x><y/><x>2</x><x>", "x") == std::vector<std::string_view>{"1", "2"});
  CHECK(xml_escape("<a&\"'>") == "&lt;a&amp;&quot;&apos;&gt;");
}

TEST_CASE("aws failure: what the user has to mend is told from what time may mend", "[aws]") {
  struct Row {
    int status;
    const char* name;
    Errc code;
    const char* says;
  };
  const std::vector<Row> rows{{403, "AccessDenied", Errc::invalid_options, "policy"},
                              {403, "InvalidAccessKeyId", Errc::invalid_options, "access key"},
                              {403, "SignatureDoesNotMatch", Errc::invalid_options, "secret key"},
                              {403, "RequestTimeTooSkewed", Errc::invalid_options, "clock"},
                              {400, "ExpiredToken", Errc::invalid_options, "renew"},
                              {404, "NoSuchBucket", Errc::invalid_options, "create the bucket"},
                              {301, "PermanentRedirect", Errc::invalid_options, "another region"},
                              {503, "SlowDown", Errc::executor_unavailable, "SlowDown"},
                              {500, "InternalError", Errc::executor_unavailable, "500"}};
  for (const Row& row : rows) {
    INFO(row.name);
    const AwsFailure failure = xml_failure(row.status, row.name);
    CHECK(failure.name == row.name);
    CHECK(failure.error.code == row.code);
    CHECK(contains(failure.error.detail, "s3://bucket/key"));
    CHECK(contains(failure.error.detail, row.says));
  }
}

TEST_CASE("aws failure: what a policy lacks is named", "[aws]") {
  const AwsFailure failure = failure_of(HttpResponse{.status = 403}, "cannot PUT s3://bucket/key", "s3:PutObject");
  CHECK(contains(failure.error.detail, "policy does not allow it, which has to grant s3:PutObject"));
}

TEST_CASE("aws failure: a bucket elsewhere is told with its region, if S3 tells it", "[aws]") {
  const AwsFailure failure = failure_of(HttpResponse{.status = 301, .headers = {{"x-amz-bucket-region", "eu-central-1"}}},
                                        "cannot HEAD s3://bucket/key");
  CHECK(contains(failure.error.detail, "the region eu-central-1"));
  CHECK(failure.retry == RetryClass::permanent);
}

TEST_CASE("aws failure: Lambda's name, reason, message and Retry-After", "[aws]") {
  const HttpResponse answer{.status = 429,
                            .headers = {{"X-Amzn-Errortype", "TooManyRequestsException:http://internal"}, {"Retry-After", "2"}},
                            .body = R"({"Type":"User","Reason":"ConcurrentInvocationLimitExceeded","Message":"Rate Exceeded."})"};
  const AwsFailure failure = failure_of(answer, "cannot invoke");
  CHECK(failure.name == "TooManyRequestsException");
  CHECK(failure.retry == RetryClass::throttled);
  CHECK(failure.retry_after == std::chrono::seconds(2));
  CHECK_FALSE(failure.may_have_run);
  CHECK(contains(failure.error.detail, "ConcurrentInvocationLimitExceeded Rate Exceeded."));
  CHECK(failure_of(HttpResponse{.status = 500}, "x").may_have_run);
}

TEST_CASE("aws failure: whether a request may have been acted upon", "[aws]") {
  using Kind = HttpFailure::Kind;
  for (const Kind kind : {Kind::silent, Kind::interrupted}) {
    const AwsFailure failure = failure_of(HttpFailure{kind, "why"}, "what");
    CHECK(failure.may_have_run);
    CHECK(failure.retry == RetryClass::transient);
    CHECK(failure.error.code == Errc::executor_unavailable);
    CHECK(failure.error.detail == "what: why");
  }
  CHECK_FALSE(failure_of(HttpFailure{Kind::unreachable, "why"}, "what").may_have_run);
  CHECK(failure_of(HttpFailure{Kind::cancelled, "why"}, "what").error.code == Errc::cancelled);
}

TEST_CASE("function failure: a sandbox that died or ran out of time may do better next time", "[aws]") {
  CHECK(function_failure("x", "Sandbox.Timedout", "Task timed out after 3.00 seconds").retry == RetryClass::transient);
  CHECK(contains(function_failure("x", "Runtime.ExitError", "signal: killed").error.detail, "memory"));
  CHECK(function_failure("x", "Runtime.ExitError", "").error.code == Errc::executor_unavailable);
  CHECK(function_failure("x", "TooManyRequestsException", "").retry == RetryClass::throttled);
  for (const char* type : {"Function.ResponseSizeTooLarge", "Runtime.InvalidEntrypoint", "Runtime.BadEvent"}) {
    INFO(type);
    CHECK(function_failure("x", type, "").retry == RetryClass::permanent);
    CHECK(function_failure("x", type, "").error.code == Errc::invalid_options);
  }
}

TEST_CASE("s3 address: virtual host, path style, and buckets that no certificate covers", "[aws]") {
  const auto url = [](const S3Location& location) {
    const S3Address address = s3_address(location, "a b/ü:+.mp4");
    return address.origin + address.path;
  };
  const std::string key = "a%20b/%C3%BC%3A%2B.mp4";
  CHECK(url({.region = "eu-west-1", .bucket = "b"}) == "https://b.s3.eu-west-1.amazonaws.com/" + key);
  CHECK(url({.region = "cn-north-1", .bucket = "b"}) == "https://b.s3.cn-north-1.amazonaws.com.cn/" + key);
  CHECK(url({.region = "eu-west-1", .bucket = "b.c"}) == "https://s3.eu-west-1.amazonaws.com/b.c/" + key);
  CHECK(url({.region = "x", .bucket = "b", .endpoint = "http://h:1/"}) == "http://b.h:1/" + key);
  CHECK(url({.region = "x", .bucket = "b", .endpoint = "http://h:1", .path_style = true}) == "http://h:1/b/" + key);
}

TEST_CASE("s3 list: keys are decoded, pages follow each other", "[aws]") {
  const S3Page page = parse_list(
      "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a%2Fb+c%2B%26</Key><Size>12</Size></Contents>"
      "<Contents><Key>d</Key><Size>x</Size></Contents><NextContinuationToken>t&amp;1</NextContinuationToken></ListBucketResult>");
  REQUIRE(page.objects.size() == 2);
  CHECK(page.objects[0].key == "a/b c+&");
  CHECK(page.objects[0].bytes == 12);
  CHECK(page.next == "t&1");
  CHECK(parse_list("<IsTruncated>false</IsTruncated><NextContinuationToken>t</NextContinuationToken>").next.empty());
}

TEST_CASE("s3 delete: keys are escaped, and the first refusal is found", "[aws]") {
  CHECK(contains(delete_request({"a<b", "c"}), "<Object><Key>a&lt;b</Key></Object><Object><Key>c</Key></Object>"));
  CHECK(first_delete_error("<DeleteResult></DeleteResult>").empty());
  CHECK(first_delete_error("<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code></Error></DeleteResult>") ==
        "k: AccessDenied");
}
