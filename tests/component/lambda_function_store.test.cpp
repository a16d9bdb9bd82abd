#include "lambda/aws/s3_client.hpp"
#include "lambda/messages/composition_manifest.hpp"
#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/film.hpp"
#include "support/in_time.hpp"
#include "support/lambda_run.hpp"
#include "support/page_text.hpp"
#include "support/radosgw.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <iostream>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

/// The test's own hand in the bucket.
class Bucket {
 public:
  explicit Bucket(const std::string& name)
      : place_{"us-east-1", Radosgw::shared().endpoint(), true, name},
        s3_(http_, credentials_, budget_, {place_.region, name, place_.endpoint, true}) {
    put("", "");  // PUT /bucket makes it
  }

  const lambda::StorePlace& place() const { return place_; }
  void put(const std::string& key, const std::string& bytes) {
    const auto stored = await(context_, s3_.put(key, bytes));
    if (!stored) throw std::runtime_error(stored.error().error.detail);
  }
  std::optional<std::string> get(const std::string& key) {
    auto bytes = await(context_, s3_.get(key, std::size_t{64} << 20));
    return bytes ? std::optional<std::string>(std::move(*bytes)) : std::nullopt;
  }
  void remove(const std::string& key) { (void)await(context_, s3_.remove_all({key})).value(); }
  /// Stores a composition of one page; the manifest's key.
  std::string put_composition(const std::string& page) {
    const FileDigest digest{static_cast<std::int64_t>(page.size()), aws::sha256_of(page)};
    const std::string manifest = to_json(lambda::CompositionManifest{"index.html", {{"index.html", digest}}});
    put("farm/files/" + digest.sha256, page);
    const std::string key = "farm/compositions/" + aws::sha256_of(manifest) + ".json";
    put(key, manifest);
    return key;
  }

 private:
  boost::asio::io_context context_{1};
  aws::HttpClient http_{context_.get_executor()};
  aws::CredentialSource credentials_{
      context_.get_executor(), http_, {.keys = {Radosgw::access_key(), Radosgw::secret_key(), ""}}};
  aws::RetryBudget budget_{};
  lambda::StorePlace place_;
  aws::S3Client s3_;
};

/// False, with a message, where there is no radosgw.
bool can_test() {
  const std::string impossible = Radosgw::impossible();
  if (!impossible.empty()) std::cout << "skipped: " << impossible << "\n";
  return impossible.empty();
}

LambdaAccount account() { return {.access_key_id = Radosgw::access_key(), .secret_access_key = Radosgw::secret_key()}; }

lambda::InvocationEvent stored_event(const Bucket& bucket, const std::string& manifest) {
  lambda::InvocationEvent event = tiny_event("/home/me/scene/index.html");
  event.store = bucket.place();
  event.manifest = manifest;
  event.cancel = "farm/renders/0/cancel";
  return event;
}

}  // namespace

TEST_CASE("lambda function: renders a stored composition into the bucket, once", "[lambda][radosgw]") {
  if (!can_test()) return;
  Bucket bucket("render-once");
  const auto event = stored_event(bucket, bucket.put_composition(page_text("render_frame.html")));
  const LambdaEmulator lambda(render_function(), {}, account());
  const LambdaCaller caller(lambda, account());
  const auto first = run_function(caller, to_json(event));
  INFO(first.text());
  REQUIRE(first.done() != nullptr);
  CHECK(first.done()->result.file == event.result);
  CHECK(first.done()->result.frames == 10);
  CHECK(first.done()->result.contract == "renderFrame");
  REQUIRE(first.done()->file.has_value());
  const auto stored = bucket.get(event.result);
  REQUIRE(stored.has_value());
  CHECK(aws::sha256_of(*stored) == first.done()->file->sha256);
  CHECK(static_cast<std::int64_t>(stored->size()) == first.done()->file->bytes);
  const TempDir folder;
  write_file(folder / "chunk.mp4", *stored);
  CHECK(frame_hashes(folder / "chunk.mp4").size() == 10);

  // The same chunk again, warm: what is there stays, and is what the answer tells of.
  const auto again = run_function(caller, to_json(event));
  INFO(again.text());
  REQUIRE(again.done() != nullptr);
  CHECK(again.done()->file == first.done()->file);
  CHECK(bucket.get(event.result) == stored);
  CHECK(lambda.counts().cold_starts == 1);
  CHECK(again.done()->result.timings.boot < first.done()->result.timings.boot);
}

TEST_CASE("lambda function: a cancel marker ends the job", "[lambda][radosgw]") {
  if (!can_test()) return;
  Bucket bucket("cancel");
  const auto event = stored_event(bucket, bucket.put_composition(page_text("never_resolves.html")));
  const LambdaEmulator lambda(render_function(), {}, account());
  FunctionAnswer answer;
  std::thread caller([&] { answer = run_function(LambdaCaller(lambda, account()), to_json(event)); });
  REQUIRE(in_time([&] { return contains(lambda.logs(), "capture: "); }, std::chrono::seconds(30)));
  bucket.put(event.cancel, "");
  caller.join();
  INFO(answer.text());
  CHECK(answer.error().code == Errc::cancelled);
  CHECK(answer.end == "{}");
  CHECK_FALSE(bucket.get(event.result).has_value());
}

TEST_CASE("lambda function: an event too large for an invocation is read from the bucket", "[lambda][radosgw]") {
  if (!can_test()) return;
  Bucket bucket("spilled");
  const std::string event = to_json(stored_event(bucket, bucket.put_composition(page_text("render_frame.html"))));
  const std::string key = "farm/jobs/" + aws::sha256_of(event) + ".json";
  const LambdaEmulator lambda(render_function(), {}, account());
  const LambdaCaller caller(lambda, account());
  const std::string spilled = to_json(lambda::InvocationEvent{.store = bucket.place(), .job_at = key});
  const auto missing = run_function(caller, spilled);
  CHECK(contains(missing.error().detail, key));
  bucket.put(key, event);
  const auto answer = run_function(caller, spilled);
  INFO(answer.text());
  CHECK(answer.done() != nullptr);
}

TEST_CASE("lambda function: a file that is not what its manifest says is not shown to anybody", "[lambda][radosgw]") {
  if (!can_test()) return;
  Bucket bucket("damaged");
  const std::string page = page_text("render_frame.html");
  const auto event = stored_event(bucket, bucket.put_composition(page));
  const std::string key = "farm/files/" + aws::sha256_of(page);
  bucket.put(key, "<p>something else</p>");
  const LambdaEmulator lambda(render_function(), {}, account());
  const auto answer = run_function(LambdaCaller(lambda, account()), to_json(event));
  INFO(answer.text());
  CHECK(contains(answer.error().detail, key));
  CHECK(contains(answer.error().detail, "SHA-256"));
}

TEST_CASE("lambda function: a manifest that is not the text its key is made of is not believed", "[lambda][radosgw]") {
  if (!can_test()) return;
  Bucket bucket("forged");
  const auto event = stored_event(bucket, bucket.put_composition(page_text("render_frame.html")));
  const std::string another = bucket.put_composition("<p>something else</p>");
  bucket.put(event.manifest, bucket.get(another).value());
  const LambdaEmulator lambda(render_function(), {}, account());
  const auto answer = run_function(LambdaCaller(lambda, account()), to_json(event));
  INFO(answer.text());
  CHECK(answer.error().code == Errc::protocol_error);
  CHECK(contains(answer.error().detail, event.manifest));
}

TEST_CASE("lambda function: a file that the bucket has lost is named, and what makes it come back", "[lambda][radosgw]") {
  if (!can_test()) return;
  Bucket bucket("lost");
  const std::string page = page_text("render_frame.html");
  const auto event = stored_event(bucket, bucket.put_composition(page));
  const std::string key = "farm/files/" + aws::sha256_of(page);
  bucket.remove(key);
  const LambdaEmulator lambda(render_function(), {}, account());
  const auto answer = run_function(LambdaCaller(lambda, account()), to_json(event));
  INFO(answer.text());
  CHECK(contains(answer.error().detail, key));
  CHECK(contains(answer.error().detail, "remove " + event.manifest));
}
