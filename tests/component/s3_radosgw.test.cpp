// The S3 client against a real, strict S3. One gateway for all cases: tests/component/CMakeLists.txt runs them in one process.
#include "lambda/aws/s3_client.hpp"
#include "lambda/aws/s3_messages.hpp"
#include "support/aws_session.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/processes.hpp"
#include "support/radosgw.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;

namespace {

/// Says so and is true where there can be no gateway.
bool no_gateway() {
  const std::string why = Radosgw::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

/// A bucket of the gateway's, made at the first use.
struct Bucket {
  explicit Bucket(const std::string& name = "chunks", const std::string& secret = Radosgw::secret_key())
      : session(CredentialOptions{.keys = {Radosgw::access_key(), secret, ""}}),
        s3(session.http, session.credentials, session.budget,
           {.region = "us-east-1", .bucket = name, .endpoint = Radosgw::shared().endpoint(), .path_style = true}) {}
  AwsSession session;
  S3Client s3;

  Bucket& make() {
    REQUIRE(session.run(s3.put("", "")).has_value());  // PUT of the bucket itself
    return *this;
  }
  AwsResult<S3Put> put(const std::string& key, const std::string& bytes, S3PutOptions options = {}) {
    return session.run(s3.put(key, bytes, std::move(options)));
  }
  std::string get(const std::string& key) {
    auto got = session.run(s3.get(key, std::size_t{1} << 20));
    return got ? *got : got.error().name;
  }
  std::vector<std::string> keys(const std::string& prefix) {
    std::vector<std::string> found;
    const auto listed = session.run(s3.list(prefix));
    REQUIRE(listed.has_value());
    for (const S3Object& object : *listed) found.push_back(object.key);
    return found;
  }
};

}  // namespace

TEST_CASE("s3 and radosgw: what was put comes back, with its metadata", "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  const std::string bytes("\0binary\r\n\xff", 10);
  REQUIRE(bucket.put("a/key", bytes, {.metadata = {{"sha256", sha256_of(bytes)}}}).has_value());
  CHECK(bucket.get("a/key") == bytes);
  const auto head = bucket.session.run(bucket.s3.head("a/key"));
  REQUIRE(head.has_value());
  REQUIRE(head->has_value());
  CHECK((*head)->bytes == 10);
  CHECK(find_header((*head)->metadata, "sha256") == sha256_of(bytes));
  const auto none = bucket.session.run(bucket.s3.head("a/none"));
  REQUIRE(none.has_value());
  CHECK_FALSE(none->has_value());
  CHECK(bucket.get("a/none") == "NoSuchKey");
}

TEST_CASE("s3 and radosgw: a second put under the same key is told and changes nothing", "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  CHECK(*bucket.put("once", "first", {.only_if_absent = true}) == S3Put::stored);
  CHECK(*bucket.put("once", "second", {.only_if_absent = true}) == S3Put::was_there);
  CHECK(bucket.get("once") == "first");
}

TEST_CASE("s3 and radosgw: odd keys, listed, got and deleted", "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  std::vector<std::string> odd{"odd/ü é.mp4", "odd/a b+c", "odd/:=*,;@$!'()", "odd/%41%zz", "odd/<&>\"",
                               "odd/#?q",     "odd/../up", "odd//x",          "odd/~-_."};
  for (const std::string& key : odd) {
    INFO(key);
    REQUIRE(bucket.put(key, key).has_value());
    CHECK(bucket.get(key) == key);
  }
  std::sort(odd.begin(), odd.end());
  CHECK(bucket.keys("odd/") == odd);
  CHECK(bucket.keys("odd/a b+") == std::vector<std::string>{"odd/a b+c"});
  CHECK(bucket.session.run(bucket.s3.remove_all({"odd/a b+c"})).has_value());
  CHECK(bucket.session.run(bucket.s3.remove_all({"odd/a b+c"})).has_value());
  CHECK(bucket.session.run(bucket.s3.remove_all(bucket.keys("odd/"))).has_value());
  CHECK(bucket.keys("odd/").empty());
}

TEST_CASE("s3 and radosgw: a listing goes on over its pages", "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  constexpr int objects = 1003;  // a page has 1,000
  for (int i = 0; i < objects; ++i) REQUIRE(bucket.put("many/" + std::to_string(i), "").has_value());
  const std::vector<std::string> keys = bucket.keys("many/");
  CHECK(keys.size() == objects);
  CHECK(bucket.session.run(bucket.s3.remove_all(keys)).has_value());
  CHECK(bucket.keys("many/").empty());
}

TEST_CASE("s3 and radosgw: a large file goes up and down whole", "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  const TempDir folder;
  std::string bytes(std::size_t{20} << 20, '\0');
  std::mt19937 random(1);
  for (char& byte : bytes) byte = static_cast<char>(random());
  write_file(folder / "up", bytes);
  const std::string sha256 = sha256_of(bytes);
  REQUIRE(bucket.session.run(bucket.s3.put_file("large", folder / "up", sha256)).has_value());
  const auto down = bucket.session.run(bucket.s3.get_file("large", folder / "down", sha256));
  REQUIRE(down.has_value());
  CHECK(*down == FileDigest{static_cast<std::int64_t>(bytes.size()), sha256});
  CHECK(read_file(folder / "down") == bytes);
  const auto in_memory = bucket.session.run(bucket.s3.get("large", 1000));
  REQUIRE_FALSE(in_memory.has_value());
  CHECK(in_memory.error().error.code == Errc::protocol_error);
}

TEST_CASE("s3 and radosgw: content that is not what was signed is refused by the store", "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  const TempDir folder;
  write_file(folder / "file", "other content");
  const auto put = bucket.session.run(bucket.s3.put_file("wrong", folder / "file", sha256_of("content")));
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().status == 400);
  CHECK(put.error().name == "XAmzContentSHA256Mismatch");
  CHECK(bucket.get("wrong") == "NoSuchKey");
}

TEST_CASE("s3 and radosgw: wrong keys, no bucket: each says what to do", "[radosgw]") {
  if (no_gateway()) return;
  Bucket thief("chunks", "wrong-secret");
  const auto refused = thief.put("key", "");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().status == 403);
  CHECK(refused.error().error.code == Errc::invalid_options);
  CHECK(contains(refused.error().error.detail, "s3://chunks/key"));
  CHECK(contains(refused.error().error.detail, "secret key"));
  CHECK_FALSE(contains(refused.error().error.detail, "wrong-secret"));
  const auto head = thief.session.run(thief.s3.head("key"));
  REQUIRE_FALSE(head.has_value());
  CHECK(contains(head.error().error.detail, "secret key"));
  Bucket nowhere("no-such-bucket");
  const auto missing = nowhere.put("key", "");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().name == "NoSuchBucket");
  CHECK(contains(missing.error().error.detail, "no-such-bucket"));
}

TEST_CASE("s3 and radosgw: a wrong clock is named with the right time, but not to a HEAD; one byte says what a HEAD does",
          "[radosgw]") {
  if (no_gateway()) return;
  Bucket bucket;
  bucket.make();
  REQUIRE(bucket.put("clock", "text", {.metadata = {{"a", "b"}}}).has_value());
  const std::string origin = Radosgw::shared().endpoint();
  const auto send = [&](const std::string& method, std::chrono::seconds offset) {
    HttpRequest request{.method = method, .origin = origin, .path = "/chunks/clock"};
    request.headers = {{"Host", std::string(authority_of(origin))}, {"Range", "bytes=0-0"}};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    sign_headers(request, {Radosgw::access_key(), Radosgw::secret_key(), ""}, s3_scope("us-east-1", now + offset), sha256_of(""));
    return *bucket.session.run(bucket.session.http.send(std::move(request)));
  };
  const HttpResponse named = send("GET", std::chrono::hours(-1));
  CHECK(parse_error_answer(named).name == "RequestTimeTooSkewed");
  CHECK_FALSE(find_header(named.headers, "Date").empty());
  const HttpResponse nameless = send("HEAD", std::chrono::hours(-1));
  CHECK(nameless.status == 403);
  CHECK(parse_error_answer(nameless).name.empty());
  const HttpResponse byte = send("GET", std::chrono::seconds(0));
  CHECK(object_bytes(byte.headers) == 4);
  CHECK(find_header(metadata_of(byte.headers), "a") == "b");
}

TEST_CASE("s3 and radosgw: a gateway that ends leaves no process and no folder", "[radosgw]") {
  if (no_gateway()) return;
  const auto ours = [] {
    auto found = descendants_of(::getpid());
    std::erase_if(found, [](const Process& process) { return !contains(process.command, "orchestrator-radosgw-"); });
    return found;
  };
  const std::size_t before = ours().size();
  std::filesystem::path folder;
  {
    const Radosgw second;
    folder = second.folder();
    CHECK(std::filesystem::exists(folder));
    CHECK(ours().size() > before);
  }
  CHECK(in_time([&] { return ours().size() <= before; }));
  CHECK_FALSE(std::filesystem::exists(folder));
}
