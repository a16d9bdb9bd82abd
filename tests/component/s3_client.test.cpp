// What a real S3 does not do on demand; s3_radosgw.test.cpp has the rest.
#include "lambda/aws/s3_client.hpp"
#include "support/aws_session.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include <atomic>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;
using namespace std::chrono_literals;
using Then = HttpScript::Then;
namespace asio = boost::asio;

namespace {

struct Store {
  explicit Store(const ScriptedHttp& server)
      : s3(session.http, session.credentials, session.budget,
           {.region = "eu-west-1",
            .bucket = "bucket",
            .endpoint = server.origin(),
            .path_style = true,
            .retry = {.base = std::chrono::milliseconds(5), .throttled_base = std::chrono::milliseconds(10)}}) {}
  AwsSession session{};
  S3Client s3;
};

HttpScript refusal(int status, const std::string& code, const std::string& headers = "") {
  return http_answer(status, "<Error><Code>" + code + "</Code><Message>why</Message></Error>", headers);
}

/// The same as S3 does it: without a body, if it was a HEAD.
HttpScript refusal_of(const HttpCall& call, int status, const std::string& code, const std::string& headers = "") {
  return call.method_string() == "HEAD" ? http_answer(status, "", headers) : refusal(status, code, headers);
}

/// What S3 says to a HEAD of an object, and to a GET of its first byte.
HttpScript object_of(const HttpCall& call, const std::string& bytes, const std::string& headers = "") {
  const std::string size = std::to_string(bytes.size());
  if (call.method_string() == "HEAD") return {.bytes = "HTTP/1.1 200 x\r\nContent-Length: " + size + "\r\n" + headers + "\r\n"};
  if (call["Range"] != "bytes=0-0") return http_answer(200, bytes, headers);
  return http_answer(206, bytes.substr(0, 1), "Content-Range: bytes 0-0/" + size + "\r\n" + headers);
}

/// Fails the first calls in this way, then succeeds.
std::function<HttpScript(const HttpCall&)> failing_first(int failures, HttpScript failure,
                                                         HttpScript success = http_answer(200)) {
  return [left = std::make_shared<std::atomic<int>>(failures), failure, success](const HttpCall&) {
    return (*left)-- > 0 ? failure : success;
  };
}

}  // namespace

TEST_CASE("s3: a fault that passes is tried again", "[aws]") {
  for (const HttpScript& fault : {refusal(500, "InternalError"), refusal(503, "SlowDown"), HttpScript{.then = Then::reset}}) {
    ScriptedHttp server(failing_first(1, fault));
    Store store(server);
    const auto put = store.session.run(store.s3.put("key", "text"));
    REQUIRE(put.has_value());
    CHECK(server.calls().size() == 2);
    CHECK(server.calls().back().body() == "text");
    CHECK(store.session.budget.tokens() == RetryBudget::standard_capacity);
  }
}

TEST_CASE("s3: a fault that does not pass ends with what it was, after four attempts", "[aws]") {
  ScriptedHttp server(failing_first(100, refusal(500, "InternalError")));
  Store store(server);
  const auto put = store.session.run(store.s3.put("a/key", "text"));
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().error.code == Errc::executor_unavailable);
  CHECK(contains(put.error().error.detail, "cannot PUT s3://bucket/a/key: 500 InternalError why"));
  CHECK(server.calls().size() == 4);
}

TEST_CASE("s3: throttling is told and waited out, also where faults have used all retries up", "[aws]") {
  ScriptedHttp server(failing_first(2, refusal(503, "SlowDown")));
  Store store(server);
  int told = 0;
  store.s3.on_throttled([&](const AwsFailure& failure) { told += contains(failure.error.detail, "SlowDown") ? 1 : 0; });
  while (store.session.budget.take()) continue;
  const int left = store.session.budget.tokens();
  CHECK(store.session.run(store.s3.put("key", "text")).has_value());
  CHECK(server.calls().size() == 3);
  CHECK(store.session.budget.tokens() == left + 1);
  CHECK(told == 2);
}

TEST_CASE("s3: who cannot wait is told of throttling at once", "[aws]") {
  ScriptedHttp server([](const HttpCall& call) { return refusal_of(call, 503, "SlowDown"); });
  AwsSession session;
  S3Client impatient(session.http, session.credentials, session.budget,
                     {.region = "eu-west-1",
                      .bucket = "bucket",
                      .endpoint = server.origin(),
                      .path_style = true,
                      .retry = {.attempts = 1, .waits_out_throttling = false}});
  const auto head = session.run(impatient.head("key"));
  REQUIRE_FALSE(head.has_value());
  CHECK(head.error().name == "SlowDown");
  CHECK(server.calls().size() == 2);  // a HEAD, and the GET that says why
}

TEST_CASE("s3: what the user has to mend is not tried again", "[aws]") {
  ScriptedHttp server(failing_first(100, refusal(403, "AccessDenied")));
  Store store(server);
  const auto put = store.session.run(store.s3.put("key", "text"));
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().error.code == Errc::invalid_options);
  CHECK(server.calls().size() == 1);
  CHECK_FALSE(contains(put.error().error.detail, "SECRET"));
}

TEST_CASE("s3: a request is signed again with the service's time if this machine's clock is off", "[aws]") {
  const std::string date = "Date: Fri, 20 Nov 2020 12:00:00 GMT\r\n";
  ScriptedHttp server([&](const HttpCall& call) {
    const bool agrees = call["x-amz-date"].starts_with("20201120T1200");
    return agrees ? http_answer(200) : refusal(403, "RequestTimeTooSkewed", date);
  });
  Store store(server);
  CHECK(store.session.run(store.s3.put("key", "text")).has_value());
  CHECK(server.calls().size() == 2);
  CHECK(store.session.run(store.s3.put("key", "text")).has_value());
  CHECK(server.calls().size() == 3);
}

TEST_CASE("s3: many requests at a time find out about a wrong clock, and all succeed", "[aws]") {
  const std::string date = "Date: Fri, 20 Nov 2020 12:00:00 GMT\r\n";
  ScriptedHttp server([&](const HttpCall& call) {
    const bool agrees = call["x-amz-date"].starts_with("20201120T1200");
    return agrees ? http_answer(200) : refusal(403, "RequestTimeTooSkewed", date);
  });
  Store store(server);
  constexpr int requests = 8;
  int stored = 0;
  const auto put = [&](std::string key) -> asio::awaitable<void> {
    auto work = store.s3.put(std::move(key), "text");
    const auto answer = co_await std::move(work);
    if (answer) ++stored;
  };
  for (int i = 0; i < requests; ++i) asio::co_spawn(store.session.context, put(std::to_string(i)), asio::detached);
  store.session.context.run_for(1min);
  CHECK(stored == requests);
  CHECK(server.calls().size() == 2 * requests);  // all were under way before the first was refused
}

TEST_CASE("s3: a clock that is right, or refused all the same, is not corrected for ever", "[aws]") {
  int day = 10;
  ScriptedHttp server([&](const HttpCall&) {
    return refusal(403, "RequestTimeTooSkewed", "Date: Fri, " + std::to_string(day++) + " Nov 2020 12:00:00 GMT\r\n");
  });
  Store store(server);
  const auto put = store.session.run(store.s3.put("key", "text"));
  REQUIRE_FALSE(put.has_value());
  CHECK(contains(put.error().error.detail, "clock"));
  CHECK(server.calls().size() <= 5);
}

TEST_CASE("s3: expired keys are fetched again, also if a HEAD is the first to be refused", "[aws]") {
  std::atomic<int> number = 0;
  ScriptedHttp server([&](const HttpCall& call) {
    if (call.target() == "/keys") {
      return http_answer(200, R"({"AccessKeyId":"KEY)" + std::to_string(++number) + R"(","SecretAccessKey":"S","Token":"T"})");
    }
    return contains(call["Authorization"], "KEY1/") ? refusal_of(call, 400, "ExpiredToken") : object_of(call, "text");
  });
  const TempDir folder;
  const AwsVariables variables{{{"HOME", folder.path()}, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.origin() + "/keys"}}};
  for (const bool with_head : {false, true}) {
    AwsSession session{CredentialOptions{}};
    S3Client s3(session.http, session.credentials, session.budget,
                {.region = "eu-west-1", .bucket = "bucket", .endpoint = server.origin(), .path_style = true});
    number = 0;
    if (with_head) CHECK(session.run(s3.head("key"))->has_value());
    if (!with_head) CHECK(session.run(s3.put("key", "text")).has_value());
    CHECK(number == 2);
    CHECK(server.calls().back()["x-amz-security-token"] == "T");
  }
}

TEST_CASE("s3: a HEAD whose refusal has no name is explained by a GET, which also answers it", "[aws]") {
  const std::string date = "Date: Fri, 20 Nov 2020 12:00:00 GMT\r\n", metadata = "x-amz-meta-sha256: sum\r\n";
  ScriptedHttp server([&](const HttpCall& call) {
    const bool agrees = call["x-amz-date"].starts_with("20201120T1200");
    return agrees ? object_of(call, "12345", metadata) : refusal_of(call, 403, "RequestTimeTooSkewed", date);
  });
  Store store(server);
  const auto object = store.session.run(store.s3.head("key"));
  REQUIRE(object.has_value());
  REQUIRE(object->has_value());
  CHECK((*object)->bytes == 5);
  CHECK(find_header((*object)->metadata, "sha256") == "sum");
  CHECK(server.calls().size() == 3);  // HEAD, GET, GET with the service's time
  CHECK(store.session.run(store.s3.head("key"))->value().bytes == 5);
  CHECK(server.calls().size() == 4);
}

TEST_CASE("s3: a HEAD that is throttled is waited out, one that is refused says why, an empty object is there", "[aws]") {
  std::atomic<int> left = 4;
  ScriptedHttp server([&](const HttpCall& call) {
    if (call.target() == "/bucket/slow") return left-- > 0 ? refusal_of(call, 503, "SlowDown") : object_of(call, "text");
    if (call.target() == "/bucket/empty") return refusal_of(call, call.method_string() == "HEAD" ? 400 : 416, "InvalidRange");
    return refusal_of(call, 403, "SignatureDoesNotMatch");
  });
  Store store(server);
  CHECK(store.session.run(store.s3.head("slow"))->has_value());
  CHECK(store.session.budget.tokens() == RetryBudget::standard_capacity);
  CHECK(store.session.run(store.s3.head("empty"))->has_value());
  const auto refused = store.session.run(store.s3.head("key"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(contains(refused.error().error.detail, "cannot HEAD s3://bucket/key: 403 SignatureDoesNotMatch"));
  CHECK(contains(refused.error().error.detail, "secret key"));
}

TEST_CASE("s3: a download that breaks begins again, and its file is whole", "[aws]") {
  const std::string body(200'000, 'x');
  HttpScript half = http_answer(200, body);
  half.bytes.resize(half.bytes.size() - 100'000);
  half.then = Then::close;
  ScriptedHttp server(failing_first(1, half, http_answer(200, body)));
  Store store(server);
  const TempDir folder;
  const auto got = store.session.run(store.s3.get_file("key", folder / "file", sha256_of(body)));
  REQUIRE(got.has_value());
  CHECK(got->bytes == 200'000);
  CHECK(read_file(folder / "file") == body);
}

TEST_CASE("s3: a download that fails, is not what was asked for, or cannot be written leaves no file", "[aws]") {
  ScriptedHttp server([](const HttpCall& call) {
    return call.target() == "/bucket/none" ? refusal(404, "NoSuchKey") : http_answer(200, "other");
  });
  Store store(server);
  const TempDir folder;
  const auto get = [&](const std::string& key, const std::string& file) {
    const auto got = store.session.run(store.s3.get_file(key, file, sha256_of("text")));
    REQUIRE_FALSE(got.has_value());
    return got.error();
  };
  CHECK(get("none", folder / "file").name == "NoSuchKey");
  const AwsFailure other = get("key", folder / "file");
  CHECK(other.error.code == Errc::protocol_error);
  CHECK(contains(other.error.detail, "s3://bucket/key"));
  CHECK(names_in(folder.path()).empty());
  const AwsFailure unwritable = get("key", folder / "no/folder");
  CHECK(unwritable.error.code == Errc::output_unwritable);
  CHECK(contains(unwritable.error.detail, "no/folder"));
}

TEST_CASE("s3: cancelled while it waits to try again", "[aws]") {
  ScriptedHttp server(failing_first(100, refusal(503, "SlowDown", "Retry-After: 60\r\n")));
  Store store(server);
  const auto put = await_cancelled(store.session.context, store.s3.put("key", "text"), 50ms);
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().error.code == Errc::cancelled);
}
