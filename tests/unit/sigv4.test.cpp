#include "lambda/aws/sigv4.hpp"
#include "lambda/aws/uri.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::aws;
using namespace orchestrator::test;

namespace {

// AWS, "Authenticating Requests: Using the Authorization Header" and "Using Query Parameters" (Amazon S3 API Reference).
const Credentials s3_example{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                             .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const SigningScope s3_example_scope = s3_scope("us-east-1", std::chrono::sys_days{std::chrono::May / 24 / 2013});
const std::string empty_sha256 = sha256_of("");

HttpRequest s3_example_request(std::string path, std::string query = "") {
  return {.path = std::move(path), .query = std::move(query), .headers = {{"Host", "examplebucket.s3.amazonaws.com"}}};
}

std::string s3_authorization(HttpRequest request, std::string_view payload_sha256 = empty_sha256) {
  sign_headers(request, s3_example, s3_example_scope, payload_sha256);
  return std::string(find_header(request.headers, "Authorization"));
}

}  // namespace

TEST_CASE("sigv4: AWS's example of a GET with a range", "[aws]") {
  HttpRequest request = s3_example_request("/test.txt");
  request.headers.push_back({"Range", "bytes=0-9"});
  CHECK(s3_authorization(request) ==
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_CASE("sigv4: AWS's example of a PUT, whose key is encoded once", "[aws]") {
  HttpRequest request = s3_example_request(uri_encode_path("/test$file.text"));
  request.method = "PUT";
  request.headers.push_back({"Date", "Fri, 24 May 2013 00:00:00 GMT"});
  request.headers.push_back({"x-amz-storage-class", "REDUCED_REDUNDANCY"});
  CHECK(contains(s3_authorization(request, sha256_of("Welcome to Amazon S3.")),
                 "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST_CASE("sigv4: AWS's examples of queries, with and without a value", "[aws]") {
  const std::string lifecycle = "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
  CHECK(contains(s3_authorization(s3_example_request("/", "lifecycle")), lifecycle));
  CHECK(contains(s3_authorization(s3_example_request("/", "lifecycle=")), lifecycle));
  CHECK(contains(s3_authorization(s3_example_request("/", "prefix=J&max-keys=2")),
                 "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST_CASE("sigv4: AWS's example of a signed URL", "[aws]") {
  HttpRequest request = s3_example_request("/test.txt");
  sign_query(request, s3_example, s3_example_scope, unsigned_payload, std::chrono::hours(24));
  CHECK(contains(request.query, "&X-Amz-Expires=86400&"));
  CHECK(contains(request.query, "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
}

TEST_CASE("sigv4: AWS's example for other services, which send no hash of the body", "[aws]") {
  const SigningScope scope{.region = "us-east-1",
                           .service = "iam",
                           .time = std::chrono::sys_days{std::chrono::August / 30 / 2015} + std::chrono::seconds(45'360)};
  HttpRequest request{
      .query = "Action=ListUsers&Version=2010-05-08",
      .headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}, {"host", "iam.amazonaws.com"}}};
  sign_headers(request, {.access_key_id = "AKIDEXAMPLE", .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}, scope,
               empty_sha256);
  CHECK(find_header(request.headers, "x-amz-date") == "20150830T123600Z");
  CHECK(find_header(request.headers, "x-amz-content-sha256").empty());
  CHECK(contains(find_header(request.headers, "authorization"),
                 "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"));
}

TEST_CASE("sigv4: a session token is signed", "[aws]") {
  Credentials temporary = s3_example;
  temporary.session_token = "token/+=";
  HttpRequest request = s3_example_request("/test.txt");
  sign_headers(request, temporary, s3_example_scope, empty_sha256);
  CHECK(find_header(request.headers, "X-Amz-Security-Token") == "token/+=");
  CHECK(contains(find_header(request.headers, "authorization"),
                 "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token"));
}

TEST_CASE("sigv4: outside S3 a path is normalised and encoded a second time", "[aws]") {
  const HttpRequest request{.path = "/2015-03-31/functions/" + uri_encode("arn:aws:lambda:eu-west-1:1:function:f:live") + "/x"};
  const auto signed_path = [&](const SigningScope& scope) {
    const std::string canonical = canonical_request(request, scope.path, empty_sha256);
    return canonical.substr(4, canonical.find('\n', 4) - 4);
  };
  CHECK(signed_path(lambda_scope("eu-west-1", {})) ==
        "/2015-03-31/functions/arn%253Aaws%253Alambda%253Aeu-west-1%253A1%253Afunction%253Af%253Alive/x");
  CHECK(signed_path(s3_scope("eu-west-1", {})) == request.path);
}

TEST_CASE("uri: only unreserved characters stay, and decoding takes back what encoding did", "[aws]") {
  CHECK(uri_encode("aZ09-_.~") == "aZ09-_.~");
  CHECK(uri_encode("a b+c/d:é*=") == "a%20b%2Bc%2Fd%3A%C3%A9%2A%3D");
  CHECK(uri_encode_path("/a b/c") == "/a%20b/c");
  CHECK(uri_decode("a%20b%2fc%C3%A9") == "a b/cé");
  CHECK(uri_decode("100%") == "100%");
  CHECK(uri_decode("%4") == "%4");
  CHECK(uri_decode("%zz%41") == "%zzA");
}

TEST_CASE("uri: a path cannot climb above its root", "[aws]") {
  CHECK(normalize_path("/a/../../../b") == "/b");
  CHECK(normalize_path("//a/./b//") == "/a/b/");
  CHECK(normalize_path("") == "/");
}
