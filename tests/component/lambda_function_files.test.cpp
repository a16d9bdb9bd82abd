#include "lambda/function/composition_source.hpp"

#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/scripted_http.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace orchestrator;
using namespace orchestrator::lambda;
using namespace orchestrator::test;
namespace asio = boost::asio;

namespace {

constexpr const char* lost_file = "<Error><Code>NoSuchKey</Code><Message>it is gone</Message></Error>";

/// A bucket with a manifest of one file, which it has lost.
struct Bench {
  HttpScript answer(const HttpCall& call) {
    const bool for_manifest = contains(call.target(), "/compositions/");
    if (!for_manifest) may_answer.wait_for(std::chrono::seconds(10));
    return for_manifest ? http_answer(200, manifest) : http_answer(404, lost_file, "Content-Type: application/xml\r\n");
  }
  asio::awaitable<bool> enter() {
    const auto store = std::make_shared<FunctionStore>(http, credentials, StorePlace{"eu-west-1", bucket.origin(), true, "b"});
    const auto document = co_await source.enter(store, manifest_name(manifest));
    co_return document.has_value();
  }

  std::string manifest = to_json(CompositionManifest{"index.html", {{"index.html", {1, std::string(64, 'a')}}}});
  std::promise<void> file_answer{};
  std::shared_future<void> may_answer{file_answer.get_future()};
  ScriptedHttp bucket{[this](const HttpCall& call) { return answer(call); }};
  TempDir folder{};
  asio::io_context context{1};
  aws::HttpClient http{context.get_executor()};
  aws::CredentialSource credentials{context.get_executor(), http, {.keys = {"AKID", "secret", ""}}};
  CompositionSource source{context.get_executor(), folder.path()};
};

asio::awaitable<void> find_file(Bench& bench, SourcedFile& file) { file = co_await bench.source.find("/"); }

/// A file, with the next invocation's composition entered while the file is on its way.
asio::awaitable<SourcedFile> find_late(Bench& bench) {
  SourcedFile file;
  TaskGroup finding(bench.context.get_executor());
  finding.spawn(find_file(bench, file));
  co_await bench.enter();
  bench.file_answer.set_value();
  co_await finding.wait();
  co_return file;
}

}  // namespace

TEST_CASE("lambda function: a lost file fails the invocation that asked for it", "[lambda]") {
  Bench bench;
  bench.file_answer.set_value();
  REQUIRE(await(bench.context, bench.enter()));
  CHECK(await(bench.context, bench.source.find("/")).unreadable);
  REQUIRE(bench.source.failure().has_value());
  CHECK(contains(bench.source.failure()->detail, "the bucket has lost a file"));
}

TEST_CASE("lambda function: a request for a file that is dropped is no failure, be it the one that fetches it or one that waits",
          "[lambda]") {
  Bench bench;
  REQUIRE(await(bench.context, bench.enter()));
  SourcedFile file;
  TaskGroup finding(bench.context.get_executor());
  finding.spawn(find_file(bench, file));
  await_cancelled(bench.context, bench.source.find("/"), std::chrono::milliseconds(50));
  CHECK_FALSE(bench.source.failure().has_value());
  finding.cancel_all();
  const auto ended = [&]() -> asio::awaitable<bool> {
    co_await finding.wait();
    co_return true;
  };
  await(bench.context, ended());
  CHECK_FALSE(bench.source.failure().has_value());
  bench.file_answer.set_value();
}

TEST_CASE("lambda function: a file that is lost when the next invocation has begun does not fail that one", "[lambda]") {
  Bench bench;
  REQUIRE(await(bench.context, bench.enter()));
  CHECK(await(bench.context, find_late(bench)).unreadable);
  CHECK_FALSE(bench.source.failure().has_value());
}
