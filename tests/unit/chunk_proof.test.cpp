#include "plan/composition_content.hpp"
#include "render/finished_chunks.hpp"
#include "support/contains.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

const std::string digest_a(64, 'a'), digest_b(64, 'b');

RenderOptions small_options() {
  return {.composition = "s/page.html", .output = "o.mp4", .frames = {10, 100}, .chunking = {.chunks = 3}};
}

RenderPlan plan_with(const CompositionContent& content = {}, const RenderOptions& options = small_options()) {
  RenderPlan plan = *RenderOrchestrator::plan(options);
  plan.content = content;
  return plan;
}

ChunkProof proof_of(const RenderPlan& plan, int chunk) {
  const auto& planned = plan.chunks.at(static_cast<std::size_t>(chunk));
  ChunkProof proof{.plan = plan_key(plan), .chunk = chunk, .frames = planned.frames(), .composition = content_key(plan.content)};
  proof.bytes = 1234;
  proof.sha256 = digest_a;
  proof.capture = "shm";
  proof.worker = "node1/17";
  proof.versions = {"0.1.0", "156.0.1", "5.1"};
  return proof;
}

}  // namespace

TEST_CASE("chunk proof: reads back to the same proof", "[chunk_proof]") {
  const ChunkProof proof = proof_of(plan_with({.files = {{"a.js", digest_a}}}), 2);
  const auto read = chunk_proof_from_json(to_json(proof));
  INFO((read ? "" : read.error().detail));
  REQUIRE(read.has_value());
  CHECK(*read == proof);
  ChunkProof still = proof;
  still.still = StillPicture{.sha256 = digest_b, .one_colour = true};
  CHECK(chunk_proof_from_json(to_json(still)).value() == still);
}

TEST_CASE("chunk proof: text that is none is refused, and says why", "[chunk_proof]") {
  const std::vector<std::pair<std::string, std::string>> rows{{"", "proof is not a JSON object"},
                                                              {"[]", "proof is not a JSON object"},
                                                              {"{}", "proof.schema is missing"},
                                                              {R"({"schema":1})", "proof.plan is missing"}};
  for (const auto& [text, reason] : rows) {
    const auto read = chunk_proof_from_json(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == Errc::chunk_invalid);
    CHECK_THAT(read.error().detail, Catch::StartsWith(reason));
  }
  std::string later = to_json(proof_of(plan_with(), 0));
  later.replace(later.find("\"schema\":1"), 10, "\"schema\":2");
  CHECK_THAT(chunk_proof_from_json(later).error().detail, Catch::Contains("written by another version"));
}

TEST_CASE("plan key: what shapes the chunks' frames shapes the key", "[chunk_proof]") {
  const std::string key = plan_key(plan_with());
  CHECK(key.size() == 64);
  std::vector<RenderOptions> others(9, small_options());
  others[0].video.crf = 19;
  others[1].props = R"({"a":1})";
  others[2].page.locale = "de-DE";
  others[3].capture = CaptureMode::beginframe;
  others[4].chunking.chunks = 4;
  others[5].composition = "s/other.html";
  others[6].composition_id = "Intro";
  others[7].described = "{}";
  others[8].page.stateful = true;
  for (const RenderOptions& other : others) CHECK(plan_key(plan_with({}, other)) != key);
}

TEST_CASE("plan key: sound, output, limits and the place of a known composition may change", "[chunk_proof]") {
  const CompositionContent content{.files = {{"page.html", digest_a}}, .page = "page.html"};
  RenderOptions other = small_options();
  other.composition = "/mnt/s/page.html";
  other.output = "/mnt/film.mp4";
  other.audio.tracks = {{.source = "a.wav"}};
  other.timeouts.frame = std::chrono::seconds(5);
  other.overwrite = true;
  CHECK(plan_key(plan_with(content, other)) == plan_key(plan_with(content)));
  CHECK(plan_key(plan_with({}, other)) != plan_key(plan_with()));
}

TEST_CASE("plan key: which page of a known folder is rendered is in it", "[chunk_proof]") {
  const std::map<std::string, std::string> files{{"a.html", digest_a}, {"b.html", digest_b}};
  CHECK(plan_key(plan_with({.files = files, .page = "a.html"})) != plan_key(plan_with({.files = files, .page = "b.html"})));
}

TEST_CASE("composition content: another page is told before files that differ", "[chunk_proof]") {
  CHECK(content_difference({.files = {{"a", digest_a}, {"b c", digest_b}}, .page = "a"},
                           {.files = {{"b c", digest_b}}, .page = "b c"}) == "the page was a, and b%20c is another one");
}

TEST_CASE("plan as JSON: the page is one of the composition's files", "[chunk_proof]") {
  const std::string text = to_json(plan_with({.files = {{"page.html", digest_a}}, .page = "page.html"}));
  REQUIRE(plan_from_json(text).has_value());
  for (const std::string& page : {std::string("other.html"), std::string()}) {
    std::string changed = text;
    const std::string field = R"("composition_page":")";
    changed.replace(changed.find(field) + field.size(), std::string("page.html").size(), page);
    const auto refused = plan_from_json(changed);
    REQUIRE(refused.has_error());
    CHECK(refused.error().detail == "plan.composition_page is not one of plan.composition_files");
  }
}

TEST_CASE("composition content: the first file that differs is named, and how many others", "[chunk_proof]") {
  const CompositionContent planned{.files = {{"a.css", digest_a}, {"b c.js", digest_a}}};
  CHECK(content_difference(planned, planned).empty());
  CHECK(content_difference(planned, {.files = {{"a.css", digest_a}, {"b c.js", digest_b}}}) == "b%20c.js has changed");
  CHECK(content_difference(planned, {.files = {{"a.css", digest_a}}}) == "b%20c.js is missing");
  CHECK(content_difference(planned, {.files = {{"a.css", digest_b}, {"b c.js", digest_a}, {"d", digest_a}}}) ==
        "a.css has changed, and another one differs");
  CHECK(content_difference({}, planned) == "a.css is new, and another one differs");
}

TEST_CASE("composition content: the key is that of names and bytes", "[chunk_proof]") {
  CHECK(content_key({}).empty());
  const std::string key = content_key({.files = {{"a", digest_a}, {"b", digest_b}}});
  CHECK(key.size() == 64);
  CHECK(key != content_key({.files = {{"a", digest_b}, {"b", digest_a}}}));
  CHECK(key != content_key({.files = {{"a", digest_a}, {"c", digest_b}}}));
}

TEST_CASE("plan as JSON: what the composition holds reads back, and must fit its key", "[chunk_proof]") {
  const RenderPlan plan = plan_with({.files = {{"\xff b.html", digest_a}, {"page.js", digest_b}}, .page = "\xff b.html"});
  const std::string text = to_json(plan);
  const auto read = plan_from_json(text);
  INFO((read ? "" : read.error().detail));
  REQUIRE(read.has_value());
  CHECK(read->content == plan.content);
  CHECK(to_json(*read) == text);
  std::string changed = text;
  changed.replace(changed.find(digest_a), 1, "c");
  const auto refused = plan_from_json(changed);
  REQUIRE(refused.has_error());
  CHECK_THAT(refused.error().detail, Catch::StartsWith("plan.composition_key is not that of composition_files"));
}

TEST_CASE("chunk proof: a chunk of another plan, another range or another composition is refused", "[chunk_proof]") {
  const RenderPlan plan = plan_with({.files = {{"page.html", digest_a}}});
  const ChunkProof right = proof_of(plan, 1);
  CHECK(check_proof(plan, right, "c.mp4").has_value());
  std::vector<std::pair<ChunkProof, std::string>> rows(5, {right, ""});
  rows[0].first.plan = digest_b;
  rows[0].second = "was rendered by another plan";
  rows[1].first.chunk = 3;
  rows[1].second = "says that it is a chunk which the plan has not: 3";
  rows[2].first.chunk = -1;
  rows[2].second = "says that it is a chunk which the plan has not: -1";
  rows[3].first.frames.last += 1;
  rows[3].second = "says that it has the frames " + std::to_string(right.frames.first) + ":" +
                   std::to_string(right.frames.last + 1) + "; chunk 1 of the plan has " + std::to_string(right.frames.first) +
                   ":" + std::to_string(right.frames.last);
  rows[4].first.composition = digest_b;
  rows[4].second = "was rendered from another composition";
  for (const auto& [proof, reason] : rows) {
    const auto refused = check_proof(plan, proof, "c.mp4");
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::chunk_invalid);
    CHECK_THAT(refused.error().detail, Catch::StartsWith("chunk file c.mp4 " + reason));
  }
}

TEST_CASE("ranges of chunks are written as Slurm takes them", "[chunk_proof]") {
  CHECK(ranges_text({4}) == "4");
  CHECK(ranges_text({0, 1}) == "0-1");
  CHECK(ranges_text({3, 7, 8, 9, 11}) == "3,7-9,11");
}
