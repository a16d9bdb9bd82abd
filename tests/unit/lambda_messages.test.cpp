#include "lambda/function/cloud_log.hpp"
#include "lambda/function/settings.hpp"
#include "lambda/messages/composition_manifest.hpp"
#include "lambda/messages/invocation_event.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace orchestrator;
using namespace orchestrator::lambda;
using orchestrator::test::contains;

namespace {

const std::string digest_a(64, 'a');

InvocationEvent full_event() {
  InvocationEvent event{.store = {"eu-west-1", "http://127.0.0.1:9000", true, "bucket"}};
  event.job.chunk = 3;
  event.job.frames = {30, 60};
  event.job.composition = "/home/me/scene/index.html";
  event.job.video.width = 640;
  event.job.capture = CaptureMode::beginframe;
  event.manifest = "farm/compositions/x.json";
  event.result = "farm/renders/r/chunk-3.mp4";
  event.cancel = "farm/renders/r/cancel";
  event.cancel_poll = std::chrono::milliseconds(250);
  event.time_limit = std::chrono::milliseconds(60'000);
  return event;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

std::string refusal(const std::string& event) {
  const auto parsed = parse_event(event);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == Errc::invalid_options);
  return parsed.error().detail;
}

}  // namespace

TEST_CASE("lambda event: what the executor writes the function reads") {
  const auto read = parse_event(to_json(full_event()));
  REQUIRE(read.has_value());
  CHECK(read->store.region == "eu-west-1");
  CHECK(read->store.endpoint == "http://127.0.0.1:9000");
  CHECK(read->store.path_style);
  CHECK(read->store.bucket == "bucket");
  CHECK(read->job.chunk == 3);
  CHECK(read->job.frames == FrameRange{30, 60});
  CHECK(read->job.composition == "/home/me/scene/index.html");
  CHECK(read->job.video.width == 640);
  CHECK(read->job.capture == CaptureMode::beginframe);
  CHECK(read->manifest == "farm/compositions/x.json");
  CHECK(read->result == "farm/renders/r/chunk-3.mp4");
  CHECK(read->cancel == "farm/renders/r/cancel");
  CHECK(read->cancel_poll == std::chrono::milliseconds(250));
  CHECK(read->time_limit == std::chrono::seconds(60));
}

TEST_CASE("lambda event: one that only looks at the page stores nothing") {
  InvocationEvent event = full_event();
  event.result.clear();
  event.describes = true;
  const auto read = parse_event(to_json(event));
  REQUIRE(read.has_value());
  CHECK(read->describes);
  CHECK(read->result.empty());
}

TEST_CASE("lambda event: one that was too large says only where it lies") {
  const auto read = parse_event(to_json(InvocationEvent{.store = {"us-east-1", "", false, "bucket"}, .job_at = "jobs/x.json"}));
  REQUIRE(read.has_value());
  CHECK(read->job_at == "jobs/x.json");
  CHECK(read->store.bucket == "bucket");
}

TEST_CASE("lambda event: what is wrong is named, and what to do") {
  const std::string good = to_json(full_event());
  CHECK(contains(refusal("{}"), "event.protocol"));
  CHECK(contains(refusal("[1]"), "not a JSON object"));
  CHECK(contains(refusal(replaced(good, "\"protocol\":6", "\"protocol\":5")), "deploy the function"));
  CHECK(contains(refusal(replaced(good, "\"bucket\":\"bucket\"", "\"bucket\":\"\"")), "no bucket"));
  CHECK(contains(refusal(replaced(good, "\"frames\":", "\"frame\":")), "frames"));
  CHECK(contains(refusal(replaced(good, "\"cancel_poll_ms\":250", "\"cancel_poll_ms\":0")), "cancel_poll_ms"));
  CHECK(contains(refusal(replaced(good, "\"time_limit_ms\":60000", "\"time_limit_ms\":900001")), "time_limit_ms"));
  CHECK(contains(refusal(replaced(good, "farm/renders/r/chunk-3.mp4", "")), "event.result"));
}

TEST_CASE("lambda event: an endpoint is the origin of a server, and nothing more") {
  const auto endpoint = [](const std::string& url) {
    InvocationEvent event = full_event();
    event.store.endpoint = url;
    return to_json(event);
  };
  for (const char* origin : {"", "https://minio.example", "http://[::1]:9000", "http://127.0.0.1:9000/"}) {
    CAPTURE(origin);
    CHECK(parse_event(endpoint(origin)).has_value());
  }
  for (const char* url : {"minio.example", "file:///etc/passwd", "http://", "http://:9000", "http://me:secret@minio",
                          "http://a/b", "http://a?b", "http://a#b", "http://a b", "http://a\r\nX: y", "http://a\\b", "ftp://a"}) {
    CAPTURE(url);
    CHECK(contains(refusal(endpoint(url)), "event.s3.endpoint"));
  }
}

TEST_CASE("lambda event: a path without a manifest is not opened, for it would be a file of the function") {
  InvocationEvent event = full_event();
  event.manifest.clear();
  event.job.composition = "/proc/self/environ";
  CHECK(contains(refusal(to_json(event)), "no URL"));
}

TEST_CASE("lambda manifest: reads what it writes, and finds files as a server of the folder would") {
  const CompositionManifest written{
      "index.html", {{"index.html", {3, digest_a}}, {"js/a b.js", {0, digest_a}}, {"sub/index.html", {1, digest_a}}}};
  const auto read = parse_manifest(to_json(written));
  REQUIRE(read.has_value());
  CHECK(read->document == "index.html");
  CHECK(read->files == written.files);
  CHECK(find_name(*read, "/") == "index.html");
  CHECK(find_name(*read, "/js/a%20b.js?v=1#x") == "js/a b.js");
  CHECK(find_name(*read, "/sub") == "sub/index.html");
  CHECK(find_name(*read, "/sub/") == "sub/index.html");
  for (const char* none : {"", "/none", "/../index.html", "/%zz", "/%00", "//index.html"}) CHECK(find_name(*read, none).empty());
}

TEST_CASE("lambda manifest: a file's name is any bytes, and is found by them") {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const CompositionManifest written{"\xff.html",
                                    {{"\xff.html", {3, digest_a}}, {every_byte, {0, digest_a}}, {"50% ?#", {1, digest_a}}}};
  const std::string text = to_json(written);
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
  const auto read = parse_manifest(text);
  REQUIRE(read.has_value());
  CHECK(read->document == written.document);
  CHECK(read->files == written.files);
  CHECK(find_name(*read, "/%FF.html") == "\xff.html");
  CHECK(find_name(*read, "/%ff.html?v") == "\xff.html");
  CHECK(find_name(*read, "/50%25%20%3F%23") == "50% ?#");
}

TEST_CASE("lambda manifest: a name that is not encoded is refused, and not taken for another") {
  for (const char* name : {"a?b", "a#b", "50%", "%zz", "%00"}) {
    CAPTURE(name);
    const auto read = parse_manifest(R"({"document":"a","files":{"a":{"bytes":1,"sha256":")" + digest_a + R"("},")" + name +
                                     R"(":{"bytes":1,"sha256":")" + digest_a + R"("}}})");
    REQUIRE_FALSE(read.has_value());
    CHECK(contains(read.error().detail, name));
  }
}

TEST_CASE("lambda manifest: digests become names of files and are checked") {
  const auto with = [](const std::string& sha256) {
    return parse_manifest(R"({"document":"a","files":{"a":{"bytes":1,"sha256":")" + sha256 + R"("}}})");
  };
  CHECK(with(digest_a).has_value());
  CHECK(contains(with("../../etc/passwd").error().detail, "sha256"));
  CHECK(contains(with(std::string(64, 'A')).error().detail, "sha256"));
  CHECK(contains(parse_manifest("[]").error().detail, "not a JSON object"));
  CHECK(contains(parse_manifest(R"({"document":"b","files":{}})").error().detail, "lacks its document, b"));
}

TEST_CASE("lambda manifest: files lie beside the manifests, below the same prefix") {
  CHECK(file_key("a/b/compositions/x.json", "ff") == "a/b/files/ff");
  CHECK(file_key("compositions/x.json", "ff") == "files/ff");
}

TEST_CASE("lambda log: one line of JSON whatever the message holds") {
  const auto time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'007));
  CHECK(log_line(time, "error", "id-1", "two\nlines \"quoted\" \xff") ==
        R"({"time":"2023-11-14T22:13:20.007Z","level":"error","request_id":"id-1","message":"two\nlines \"quoted\" ?"})");
  CHECK_FALSE(contains(log_line(time, "info", "", "x"), "request_id"));
}

TEST_CASE("lambda settings: a variable that is missing is named") {
  std::map<std::string, std::string> variables{{"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"},
                                               {"AWS_LAMBDA_FUNCTION_NAME", "render"},
                                               {"AWS_ACCESS_KEY_ID", "AKID"},
                                               {"AWS_SECRET_ACCESS_KEY", "secret"},
                                               {"AWS_SESSION_TOKEN", "token"}};
  const auto environment = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::optional<std::string>() : std::optional<std::string>(found->second);
  };
  const auto settings = read_settings(environment);
  REQUIRE(settings.has_value());
  CHECK(settings->runtime_api == "127.0.0.1:9001");
  CHECK(settings->credentials.session_token == "token");
  CHECK(settings->memory_mb == 0);
  variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "1769";
  CHECK(read_settings(environment)->memory_mb == 1769);
  variables.erase("AWS_SECRET_ACCESS_KEY");
  CHECK(contains(read_settings(environment).error().detail, "AWS_SECRET_ACCESS_KEY is not set"));
  CHECK_FALSE(contains(read_settings(environment).error().detail, "AKID"));
  variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  variables["AWS_LAMBDA_RUNTIME_API"] = "runtime";
  CHECK(contains(read_settings(environment).error().detail, "AWS_LAMBDA_RUNTIME_API is 'runtime', not of the form HOST:PORT"));
}
