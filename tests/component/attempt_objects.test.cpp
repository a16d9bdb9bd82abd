#include "lambda/executor/attempt_objects.hpp"

#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/scripted_http.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// A store that takes everything, and an attempt whose objects lie in it.
struct Attempt {
  std::string text(const std::string& props = "{}") {
    lambda::InvocationEvent event{.store = {"us-east-1", server.origin(), true, "bucket"}};
    event.job.render = std::string(32, '0');
    event.job.composition = "http://example.com";
    event.job.props = props;
    return await(context, objects.text_of(std::move(event))).value();
  }
  bool remove(bool keep_marker) { return await(context, objects.remove(keep_marker)).has_value(); }

  ScriptedHttp server{[](const HttpCall&) { return http_answer(200); }};
  boost::asio::io_context context{1};
  aws::HttpClient client{context.get_executor()};
  aws::CredentialSource credentials{context.get_executor(), client, {.keys = {"AKID", "secret", ""}}};
  aws::RetryBudget budget{};
  aws::S3Client store{client, credentials, budget, {"us-east-1", "bucket", server.origin(), true}};
  AttemptObjects objects{store, {.result = "r/1.mp4", .event = "r/1.json", .cancel = "r/1.cancel"}};
};

}  // namespace

TEST_CASE("attempt objects: an event has its attempt's own places for chunk and marker", "[lambda]") {
  Attempt attempt;
  const auto event = lambda::parse_event(attempt.text());
  REQUIRE(event.has_value());
  CHECK(event->result == "r/1.mp4");
  CHECK(event->cancel == "r/1.cancel");
  CHECK(event->job_at.empty());
  CHECK(attempt.server.calls().empty());
}

TEST_CASE("attempt objects: what may be there is removed, and nothing is asked for what cannot be there", "[lambda]") {
  Attempt attempt;
  REQUIRE(attempt.remove(false));
  CHECK(attempt.server.calls().empty());
  attempt.text();
  REQUIRE(attempt.remove(false));
  const std::string removed = attempt.server.calls().back().body();
  CHECK(contains(removed, "r/1.mp4"));
  CHECK_FALSE(contains(removed, "r/1.json"));
  CHECK_FALSE(contains(removed, "r/1.cancel"));
  const auto event = lambda::parse_event(attempt.text("\"" + std::string(6 << 20, 'x') + "\""));
  REQUIRE(event.has_value());
  CHECK(event->job_at == "r/1.json");
  REQUIRE(attempt.remove(false));
  CHECK(contains(attempt.server.calls().back().body(), "r/1.json"));
}

TEST_CASE("attempt objects: a marker goes with the rest, unless somebody may still have to find it", "[lambda]") {
  Attempt attempt;
  attempt.text();
  REQUIRE(await(attempt.context, attempt.objects.put_marker()).has_value());
  CHECK(attempt.server.calls().back().target() == "/bucket/r/1.cancel");
  REQUIRE(attempt.remove(true));
  CHECK(contains(attempt.server.calls().back().body(), "r/1.mp4"));
  CHECK_FALSE(contains(attempt.server.calls().back().body(), "r/1.cancel"));
  REQUIRE(attempt.remove(false));
  CHECK(contains(attempt.server.calls().back().body(), "r/1.cancel"));
}
