// What lies where a chunk is to go: finished, begun, another plan's, the user's.
#include "support/anywhere.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

/// An executor beside which others work: they are done before it is ready. It is never asked for a chunk.
class Overtaken final : public RenderExecutor {
 public:
  explicit Overtaken(std::function<void()> others) : others_(std::move(others)) {}
  boost::asio::awaitable<Result<void>> prepare() override {
    others_();
    co_return Result<void>{};
  }
  ExecutorCapabilities capabilities() const override { return {.slots = 1}; }
  boost::asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob, ChunkContext&) override {
    co_return Error{.detail = "rendered what was finished"};
  }

 private:
  std::function<void()> others_;
};

}  // namespace

TEST_CASE("chunk place: what is finished is not rendered again, and what is not is", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk first = anywhere.chunk(1).value();
  const RenderedChunk again = anywhere.chunk(1).value();
  CHECK(anywhere.farm.started == 1);
  CHECK(again.was_there);
  CHECK(again.proof == first.proof);
  CHECK(again.file == first.file);
  bool overwrite = false;
  SECTION("without the file") { fs::remove(first.file); }
  SECTION("with other bytes") { write_file(first.file, "torn"); }
  SECTION("with a torn proof") { write_file(proof_file(first.file), "{"); }
  SECTION("with overwriting asked for") { overwrite = true; }
  SECTION("without a proof, with overwriting asked for") {
    fs::remove(proof_file(first.file));
    overwrite = true;
  }
  const RenderedChunk mended = anywhere.chunk(1, overwrite).value();
  CHECK(anywhere.farm.started == 2);
  CHECK_FALSE(mended.was_there);
  CHECK(mended.proof == first.proof);
  CHECK(anywhere.names() == std::vector<std::string>{"chunk-1.mp4", "chunk-1.mp4.json"});
}

TEST_CASE("chunk place: another plan's chunk is replaced only if that is asked for", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk theirs = anywhere.chunk(1).value();
  RenderOptions options = anywhere.setup.options;
  options.video.crf = 30;
  anywhere.plan = Anywhere::plan_of(options);
  anywhere.check_not_replaced(theirs.file.string() + "' is there from another plan");
  CHECK(*chunk_proof_from_json(read_file(proof_file(theirs.file))) == theirs.proof);
  CHECK(anywhere.chunk(1, true).value().proof.plan == plan_key(anywhere.plan));
}

TEST_CASE("chunk place: a chunk of the same plan for another content is replaced only if that is asked for", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk theirs = anywhere.chunk(1).value();
  write_file(anywhere.setup.folder / "scene/style.css", "p { color: red }");
  anywhere.plan = Anywhere::plan_of(anywhere.setup.options);
  anywhere.check_not_replaced("was rendered from another content");
  CHECK(*chunk_proof_from_json(read_file(proof_file(theirs.file))) == theirs.proof);
}

TEST_CASE("chunk place: no chunk goes where it would change its composition", "[anywhere]") {
  Anywhere anywhere;
  const fs::path scene = anywhere.setup.folder / "scene";
  fs::create_directory_symlink(scene, anywhere.setup.folder / "link");
  fs::rename(scene / "index.html", anywhere.setup.folder / "page.html");
  fs::create_symlink("../page.html", scene / "index.html");  // its folder is where the link lies
  for (const fs::path& folder :
       {scene, scene / "chunks/1", anywhere.setup.folder / "link/chunks", scene / "index.html", fs::path()}) {
    anywhere.chunks = folder;
    CAPTURE(folder);
    const auto refused = anywhere.chunk(0);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::invalid_options);
  }
  for (const fs::path& folder : {scene / ".chunks", anywhere.setup.folder / "scene.chunks"}) {
    anywhere.chunks = folder;
    CHECK(anywhere.chunk(0).has_value());
    CHECK(anywhere.chunk(1).has_value());
  }
}

TEST_CASE("chunk place: a file of the user's is replaced only if that is asked for", "[anywhere]") {
  Anywhere anywhere;
  const fs::path chunk = anywhere.chunks / "chunk-1.mp4";
  fs::create_directories(anywhere.chunks);
  SECTION("a video") {
    write_file(chunk, "precious");
    anywhere.check_not_replaced(chunk.string() + "' has no proof beside it");
    CHECK(read_file(chunk) == "precious");
  }
  SECTION("a link to nothing") {
    fs::create_symlink("precious.mp4", chunk);
    anywhere.check_not_replaced(chunk.string() + "' has no proof beside it");
    fs::remove(chunk);
  }
  SECTION("JSON that is no proof") {
    write_file(proof_file(chunk), R"({"precious":true})");
    anywhere.check_not_replaced(chunk.string() + ".json' is no proof, or one of another version of orchestrator");
    CHECK(read_file(proof_file(chunk)) == R"({"precious":true})");
  }
  CHECK(anywhere.farm.started == 0);
  CHECK_FALSE(anywhere.chunk(1, true).value().was_there);
  CHECK(anywhere.chunk(1).value().was_there);
}

TEST_CASE("chunk place: a file that appears while the chunk is rendered is not replaced", "[anywhere]") {
  Anywhere anywhere;
  const std::string name = GENERATE(as<std::string>(), "chunk-1.mp4", "chunk-1.mp4.json");
  Farm busy(1, [&](ChunkJob job, ChunkContext& context) {
    write_file(anywhere.chunks / name, "precious");
    return encode_job(std::move(job), context);
  });
  const auto refused = RenderOrchestrator(busy).render_chunk(anywhere.plan, 1, {anywhere.chunks});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::output_unwritable);
  CHECK(contains(refused.error().detail, name + " appeared while rendering"));
  CHECK(read_file(anywhere.chunks / name) == "precious");
  CHECK(fs::exists(anywhere.chunks / "chunk-1.mp4") != fs::exists(anywhere.chunks / "chunk-1.mp4.json"));
}

TEST_CASE("chunk place: what could not be replaced to its end is replaced the next time", "[anywhere]") {
  Anywhere anywhere;
  const fs::path file = anywhere.chunk(1).value().file;
  write_file(file, "torn");
  Farm busy(1, [&](ChunkJob job, ChunkContext& context) {
    fs::remove(file);
    fs::create_directory(file);
    return encode_job(std::move(job), context);
  });
  const auto failed = RenderOrchestrator(busy).render_chunk(anywhere.plan, 1, {anywhere.chunks});
  REQUIRE(failed.has_error());
  CHECK(failed.error().code == Errc::output_unwritable);
  fs::remove(file);
  write_file(file, "a copy that broke off");
  const auto mended = anywhere.chunk(1);
  INFO((mended ? "" : mended.error().detail));
  REQUIRE(mended.has_value());
  CHECK_FALSE(mended->was_there);
}

TEST_CASE("chunk place: a finished chunk of another version of orchestrator is refused by name", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk theirs = anywhere.chunk(1).value();
  std::string proof = read_file(proof_file(theirs.file));
  proof.replace(proof.find("\"schema\":1"), 10, "\"schema\":2");
  write_file(proof_file(theirs.file), proof);
  anywhere.check_not_replaced("written by another version");
  CHECK(read_file(proof_file(theirs.file)) == proof);
}

TEST_CASE("chunk place: overwriting that the plan asks for is about the film", "[anywhere]") {
  Anywhere anywhere;
  RenderOptions options = *anywhere.plan.options;
  options.overwrite = true;
  set_options(anywhere.plan, options);
  const Files files = anywhere.all_chunks();
  CHECK(anywhere.chunk(1).value().was_there);
  CHECK(anywhere.farm.started == 3);
  write_file(anywhere.setup.options.output, "an older film");
  CHECK(RenderOrchestrator::assemble(anywhere.plan, files).has_value());
  write_file(anywhere.chunks / "chunk-1.mp4.json", R"({"precious":true})");
  anywhere.check_not_replaced("is no proof");
}

TEST_CASE("chunk place: by a plan that says no content, a finished chunk is that of the composition as it is now", "[anywhere]") {
  Anywhere anywhere;
  anywhere.plan.content = {};
  CHECK_FALSE(anywhere.chunk(1).value().was_there);
  CHECK(anywhere.chunk(1).value().was_there);
  write_file(anywhere.setup.folder / "scene/style.css", "p { color: red }");
  CHECK_FALSE(anywhere.chunk(1).value().was_there);
  CHECK(anywhere.farm.started == 2);
}

TEST_CASE("chunk place: what another run finishes before this one can begin stays as it is", "[anywhere]") {
  Anywhere anywhere;
  std::optional<RenderedChunk> theirs;
  Overtaken late([&] { theirs = anywhere.chunk(1).value(); });
  const auto found = RenderOrchestrator(late).render_chunk(anywhere.plan, 1, {anywhere.chunks});
  REQUIRE(found.has_value());
  CHECK(found->was_there);
  REQUIRE(theirs.has_value());
  CHECK(found->proof == theirs->proof);
  CHECK(found->report.result.worker == "farm");
  CHECK(anywhere.names() == std::vector<std::string>{"chunk-1.mp4", "chunk-1.mp4.json"});
}

TEST_CASE("chunk place: what another plan finishes before this one can begin is not replaced", "[anywhere]") {
  Anywhere anywhere;
  RenderOptions options = anywhere.setup.options;
  options.video.crf = 30;
  Overtaken late([&] {
    CHECK(RenderOrchestrator(anywhere.farm).render_chunk(Anywhere::plan_of(options), 1, {anywhere.chunks}).has_value());
  });
  const auto refused = RenderOrchestrator(late).render_chunk(anywhere.plan, 1, {anywhere.chunks});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::invalid_options);
  CHECK(contains(refused.error().detail, "is there from another plan"));
}
