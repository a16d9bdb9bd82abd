// Whole renders through AWS Lambda's API: our executor, our function in the emulator's environments, a real S3. One process for
// all cases, because the S3 takes 15 s to start.
#include "support/contains.hpp"
#include "support/lambda_account.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include <csignal>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

TEST_CASE("lambda: a render through functions is exactly the local one, and leaves nothing of it in the bucket", "[lambda]") {
  if (!can_test()) return;
  Account account("whole");
  const ToolEnd end = account.render("5:37", {"--chunks", "16", "--lambda-concurrency", "8"});
  INFO(end.errors + account.lambda.logs());
  REQUIRE(end.status.code == 0);
  CHECK(end.json().at("chunks").as_array().size() == 16);
  CHECK(frame_hashes(account.sandbox.film()) == local_hashes("5:37"));
  CHECK(account.keys("orchestrator/renders/") == std::vector<std::string>{});
  CHECK(account.keys("orchestrator/compositions/").size() == 1);
  CHECK(account.lambda.counts().most_running == 8);
  CHECK(account.lambda.counts().cold_starts == 8);
  CHECK(account.sandbox.remains() == "");
}

TEST_CASE("lambda: a function that does not stream gives the same chunks", "[lambda]") {
  if (!can_test()) return;
  Account account("buffered", {}, false);
  const ToolEnd end = account.render("0:8", {"--chunks", "2", "--lambda-concurrency", "1", "--workers", "6"});
  INFO(end.errors + account.lambda.logs());
  REQUIRE(end.status.code == 0);
  CHECK(frame_hashes(account.sandbox.film()).size() == 8);
  CHECK(end.json().at("workers").as_int64() == 1);  // as many as the executor lets work
}

TEST_CASE("lambda: faults that may pass are passed over, and throttling is no failure", "[lambda]") {
  if (!can_test()) return;
  // One attempt fewer than a chunk has: all of them may hit the same one.
  const std::vector<std::vector<LambdaFault>> rows{{LambdaFault::service_error, LambdaFault::truncate},
                                                   {LambdaFault::reset, LambdaFault::crash}};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    CAPTURE(row);
    Account account("faults-" + std::to_string(row));
    account.lambda.inject(LambdaFault::throttle, 3);
    for (const LambdaFault fault : rows[row]) account.lambda.inject(fault);
    const ToolEnd end = account.render("0:12", {"--chunks", "3"});
    INFO(end.errors + account.lambda.logs());
    REQUIRE(end.status.code == 0);
    CHECK(frame_hashes(account.sandbox.film()).size() == 12);
    CHECK(account.lambda.counts().throttled == 3);
    CHECK(account.keys("orchestrator/renders/") == std::vector<std::string>{});
  }
}

TEST_CASE("lambda: Ctrl-C ends the functions and leaves nothing of the render in the bucket", "[lambda]") {
  if (!can_test()) return;
  Account account("abort");
  account.sandbox.start(
      account.sandbox.render_arguments(account.scene, "0:20000", account.arguments({"--chunks", "2", "--progress", "json"})));
  REQUIRE(comes_true([&] { return is_rendering(account.sandbox); }, 40s));
  ::kill(account.sandbox.tool(), SIGINT);
  const ToolEnd end = account.sandbox.wait();
  INFO(end.errors + account.lambda.logs());
  CHECK(end.status.code == 130);
  CHECK(comes_true([&] { return account.lambda.counts().running == 0; }, 5s));
  CHECK(account.keys("orchestrator/renders/") == std::vector<std::string>{});
  CHECK(account.sandbox.remains() == "");
}

TEST_CASE("lambda: a page's error names chunk and frame, and ends the other functions", "[lambda]") {
  if (!can_test()) return;
  Account account("throws");
  const ToolEnd end = account.sandbox.render(page("throws_at_frame.html"), "0:40", account.arguments({"--chunks", "2"}));
  INFO(end.errors);
  CHECK(end.status.code == 1);
  const boost::json::object summary = end.json();
  const auto& error = summary.at("error").as_object();
  CHECK(error.at("code").as_string() == "page_error");
  CHECK(error.at("frame").as_int64() == 7);
  CHECK(account.keys("orchestrator/renders/") == std::vector<std::string>{});
}

TEST_CASE("lambda: what is missing or refused is said by its name", "[lambda]") {
  if (!can_test()) return;
  struct Row {
    const char* what;
    Arguments more;
    const char* named;
  };
  Account account("refused");
  const std::vector<Row> rows{
      {"no bucket of this name", {"--lambda-bucket", "none-of-this-name"}, "none-of-this-name"},
      {"no function of this name", {"--lambda-function", "nothing"}, "nothing"},
      {"nobody at the endpoint", {"--lambda-endpoint", "http://127.0.0.1:9"}, "127.0.0.1:9"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Arguments arguments = account.arguments();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == row.more[0]) arguments[i + 1] = row.more[1];
    }
    const ToolEnd end = account.sandbox.render(account.scene, "0:4", arguments);
    CAPTURE(end.errors);
    CHECK(end.status.code != 0);
    CHECK(contains(end.errors, row.named));
  }
}
