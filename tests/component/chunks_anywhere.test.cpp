// Chunks that are rendered one by one, each by a call of its own, and joined by another.
#include "support/contains.hpp"
#include "support/farm.hpp"
#include "support/files.hpp"
#include "support/run_tool.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

using Files = std::vector<fs::path>;

/// A plan for three chunks, what its composition holds included, and a folder for them.
struct Anywhere {
  Anywhere() {
    fs::create_directory(setup.folder / "scene");
    write_file(setup.folder / "scene/index.html", "<!doctype html>");
    write_file(setup.folder / "scene/style.css", "p {}");
    setup.options.composition = (setup.folder / "scene").string();
    setup.options.audio.always = true;
    plan = plan_of(setup.options);
  }
  static RenderPlan plan_of(const RenderOptions& options) {
    RenderPlan made = *RenderOrchestrator::plan(options);
    made.content = *read_content(options.composition);
    return made;
  }
  Result<RenderedChunk> chunk(int id, bool overwrite = false) {
    return RenderOrchestrator(farm).render_chunk(plan, id, {.folder = chunks, .overwrite = overwrite});
  }
  /// `words` say why chunk 1 is not rendered; no other try would do better.
  void check_not_replaced(const std::string& words) {
    const int before = farm.started;
    const auto refused = chunk(1);
    REQUIRE(refused.has_error());
    CAPTURE(refused.error().detail);
    CHECK(refused.error().code == Errc::invalid_options);
    CHECK(contains(refused.error().detail, words));
    CHECK(contains(refused.error().detail, "--overwrite"));
    CHECK(farm.started == before);
  }
  Files all_chunks() {
    Files files;
    for (int id = 0; id < 3; ++id) files.push_back(chunk(id).value().file);
    return files;
  }
  /// Its error says all of `words`.
  void check_refused(const Files& files, const std::vector<std::string>& words, std::optional<int> id) const {
    const auto refused = RenderOrchestrator::assemble(plan, files);
    REQUIRE(refused.has_error());
    CAPTURE(refused.error().detail);
    CHECK(refused.error().code == Errc::chunk_invalid);
    CHECK(refused.error().chunk == id);
    for (const std::string& word : words) CHECK(contains(refused.error().detail, word));
    CHECK(setup.left().empty());
  }
  std::vector<std::string> names() const { return names_in(chunks); }

  RenderSetup setup;
  fs::path chunks{setup.folder / "farm/chunks"};
  Farm farm{1, encode_job};
  RenderPlan plan{};
};

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

TEST_CASE("chunks anywhere: joined, they are the render of the same plan, to the byte", "[anywhere]") {
  Anywhere anywhere;
  REQUIRE(RenderOrchestrator(anywhere.farm).render(anywhere.plan).has_value());
  const std::string rendered = read_file(anywhere.setup.options.output);
  fs::remove(anywhere.setup.options.output);
  const Files files = anywhere.all_chunks();
  const auto joined = RenderOrchestrator::assemble(anywhere.plan, {files[2], files[0], files[1]});
  INFO((joined ? "" : joined.error().message()));
  REQUIRE(joined.has_value());
  CHECK(joined->frames == 30);
  CHECK(joined->chunks.at(1).result.worker == "farm");
  CHECK(read_file(anywhere.setup.options.output) == rendered);
  CHECK(probe(anywhere.setup.options.output.string(), "a:0", "stream=codec_name") == std::vector<std::string>{"aac"});
  CHECK(anywhere.names().size() == 6);  // what was joined stays
  CHECK(anywhere.setup.left() == std::vector<std::string>{"film.mp4"});
}

TEST_CASE("chunks anywhere: a chunk says what it is, and leaves nothing but itself and its proof", "[anywhere]") {
  Anywhere anywhere;
  std::vector<int> ids;
  RenderEvents events;
  events.on_chunk_finished = [&](int id, const ChunkResult&) { ids.push_back(id); };
  const auto done = RenderOrchestrator(anywhere.farm).render_chunk(anywhere.plan, 1, {anywhere.chunks}, events);
  REQUIRE(done.has_value());
  CHECK(ids == std::vector{1});
  CHECK(anywhere.names() == std::vector<std::string>{"chunk-1.mp4", "chunk-1.mp4.json"});
  CHECK_FALSE(done->was_there);
  CHECK(done->proof.chunk == 1);
  CHECK(done->proof.frames == FrameRange{10, 20});
  CHECK(done->proof.composition == content_key(anywhere.plan.content));
  CHECK(done->proof.bytes == static_cast<std::int64_t>(fs::file_size(done->file)));
  CHECK(*chunk_proof_from_json(read_file(proof_file(done->file))) == done->proof);
}

TEST_CASE("chunks anywhere: missing chunks are named", "[anywhere]") {
  Anywhere anywhere;
  const Files files = anywhere.all_chunks();
  anywhere.check_refused({files[0], files[2]}, {"chunk 1 of 3 is missing"}, 1);
  anywhere.check_refused({files[2]}, {"chunks 0-1 of 3 are missing"}, 0);
  anywhere.check_refused({}, {"chunks 0-2 of 3 are missing"}, 0);
}

TEST_CASE("chunks anywhere: a chunk that is there twice is named, with both files", "[anywhere]") {
  Anywhere anywhere;
  Files files = anywhere.all_chunks();
  const fs::path twin = anywhere.chunks / "again.mp4";
  fs::copy_file(files[1], twin);
  fs::copy_file(proof_file(files[1]), proof_file(twin));
  files.push_back(twin);
  CHECK(*find_chunk_files(anywhere.plan, anywhere.chunks) == Files{twin, files[0], files[1], files[2]});
  anywhere.check_refused(files, {"is chunk 1, as is ", files[1].string(), twin.string()}, 1);
}

TEST_CASE("chunks anywhere: a file that is named twice is one file", "[anywhere]") {
  Anywhere anywhere;
  Files files = anywhere.all_chunks();
  fs::create_directory_symlink(anywhere.chunks, anywhere.setup.folder / "same");
  files.push_back(files[1]);
  files.push_back(anywhere.chunks / ".." / anywhere.chunks.filename() / files[1].filename());
  files.push_back(anywhere.setup.folder / "same" / files[1].filename());
  CHECK(RenderOrchestrator::assemble(anywhere.plan, files).has_value());
  fs::remove(anywhere.setup.options.output);
  fs::remove(files[1]);
  anywhere.check_refused(files, {files[1].string(), "cannot be read"}, 1);
}

TEST_CASE("chunks anywhere: a chunk of another plan is named", "[anywhere]") {
  Anywhere anywhere, other;
  Files files = anywhere.all_chunks();
  RenderOptions options = anywhere.setup.options;
  options.video.crf = 30;
  const auto foreign = RenderOrchestrator(other.farm).render_chunk(Anywhere::plan_of(options), 1, {other.chunks});
  files[1] = foreign.value().file;
  anywhere.check_refused(files, {files[1].string(), "was rendered by another plan"}, 1);
}

TEST_CASE("chunks anywhere: a chunk whose bytes have changed is named", "[anywhere]") {
  Anywhere anywhere;
  const Files files = anywhere.all_chunks();
  std::string bytes = read_file(files[1]);
  bytes[bytes.size() / 2] ^= 1;
  write_file(files[1], bytes);
  anywhere.check_refused(files, {files[1].string(), "is not as it was rendered"}, 1);
  fs::remove(files[1]);
  anywhere.check_refused(files, {files[1].string(), "cannot be read"}, 1);
}

TEST_CASE("chunks anywhere: a file without a proof, or with something else for one, is named", "[anywhere]") {
  Anywhere anywhere;
  const Files files = anywhere.all_chunks();
  write_file(proof_file(files[2]), "not a proof");
  anywhere.check_refused(files, {files[2].string(), "has a proof that cannot be read"}, std::nullopt);
  fs::remove(proof_file(files[2]));
  CHECK(*find_chunk_files(anywhere.plan, anywhere.chunks) == files);
  anywhere.check_refused(files, {files[2].string(), "has no proof beside it"}, std::nullopt);
}

TEST_CASE("chunks anywhere: chunks of two contents are not joined, also if the plan says none", "[anywhere]") {
  Anywhere anywhere;
  anywhere.plan.content = {};
  Files files{anywhere.chunk(0).value().file};
  write_file(anywhere.setup.folder / "scene/style.css", "p { color: red }");
  files.push_back(anywhere.chunk(1).value().file);
  files.push_back(anywhere.chunk(2).value().file);
  anywhere.check_refused(files, {files[1].string(), "was rendered from another composition than " + files[0].string()}, 1);
}

TEST_CASE("chunks anywhere: a composition that is not the plan's is refused, naming the file", "[anywhere]") {
  Anywhere anywhere;
  write_file(anywhere.setup.folder / "scene/style.css", "p { color: red }");
  for (const auto& refused : {anywhere.chunk(0).error(), RenderOrchestrator(anywhere.farm).render(anywhere.plan).error()}) {
    CHECK(refused.code == Errc::composition_changed);
    CHECK(contains(refused.detail, "style.css has changed"));
  }
  CHECK(anywhere.farm.started == 0);
  CHECK(anywhere.names().empty());
}

TEST_CASE("chunks anywhere: a composition that changes while a chunk is rendered is refused", "[anywhere]") {
  Anywhere anywhere;
  const bool is_planned = GENERATE(true, false);
  if (!is_planned) anywhere.plan.content = {};
  Farm busy(1, [&](ChunkJob job, ChunkContext& context) {
    write_file(anywhere.setup.folder / "scene/new.js", "1");
    return encode_job(std::move(job), context);
  });
  const auto refused = RenderOrchestrator(busy).render_chunk(anywhere.plan, 0, {anywhere.chunks});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::composition_changed);
  CHECK(contains(refused.error().detail, "new.js is new"));
  CHECK(anywhere.names().empty());
}

TEST_CASE("chunks anywhere: what is finished is not rendered again, and what is not is", "[anywhere]") {
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

TEST_CASE("chunks anywhere: another plan's chunk is replaced only if that is asked for", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk theirs = anywhere.chunk(1).value();
  RenderOptions options = anywhere.setup.options;
  options.video.crf = 30;
  anywhere.plan = Anywhere::plan_of(options);
  anywhere.check_not_replaced(theirs.file.string() + "' is there from another plan");
  CHECK(*chunk_proof_from_json(read_file(proof_file(theirs.file))) == theirs.proof);
  CHECK(anywhere.chunk(1, true).value().proof.plan == plan_key(anywhere.plan));
}

TEST_CASE("chunks anywhere: a chunk of the same plan for another content is replaced only if that is asked for", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk theirs = anywhere.chunk(1).value();
  write_file(anywhere.setup.folder / "scene/style.css", "p { color: red }");
  anywhere.plan = Anywhere::plan_of(anywhere.setup.options);
  anywhere.check_not_replaced("was rendered from another content");
  CHECK(*chunk_proof_from_json(read_file(proof_file(theirs.file))) == theirs.proof);
}

TEST_CASE("chunks anywhere: no chunk goes where it would change its composition", "[anywhere]") {
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

TEST_CASE("chunks anywhere: a film does not take the place of one of its chunks", "[anywhere]") {
  Anywhere anywhere;
  const Files files = anywhere.all_chunks();
  const std::string chunk = read_file(files[1]);
  RenderOptions options = *anywhere.plan.options;
  options.output = files[1];
  options.overwrite = true;
  anywhere.plan.final_output_file = files[1];
  set_options(anywhere.plan, options);
  const auto refused = RenderOrchestrator::assemble(anywhere.plan, files);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::invalid_options);
  CHECK(contains(refused.error().detail, "is chunk 1"));
  CHECK(read_file(files[1]) == chunk);
}

TEST_CASE("chunks anywhere: another page of the same folder is another plan's", "[anywhere]") {
  Anywhere anywhere;
  write_file(anywhere.setup.folder / "scene/other.html", "<!doctype html>");
  anywhere.plan = Anywhere::plan_of(anywhere.setup.options);
  const Files files = anywhere.all_chunks();
  RenderOptions options = anywhere.setup.options;
  options.composition = (anywhere.setup.folder / "scene/other.html").string();
  anywhere.plan = Anywhere::plan_of(options);
  anywhere.check_not_replaced("is there from another plan");
  anywhere.check_refused(files, {files[0].string(), "was rendered by another plan"}, 0);
}

TEST_CASE("chunks anywhere: a plan whose composition was put in another page's place is refused", "[anywhere]") {
  Anywhere anywhere;
  write_file(anywhere.setup.folder / "scene/other.html", "<!doctype html>");
  anywhere.plan = Anywhere::plan_of(anywhere.setup.options);
  RenderOptions options = *anywhere.plan.options;
  options.composition = (anywhere.setup.folder / "scene/other.html").string();
  set_options(anywhere.plan, options);
  const auto refused = anywhere.chunk(0);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::composition_changed);
  CHECK(contains(refused.error().detail, "the page was index.html, and other.html is another one"));
}

TEST_CASE("chunks anywhere: a file of the user's is replaced only if that is asked for", "[anywhere]") {
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

TEST_CASE("chunks anywhere: a file that appears while the chunk is rendered is not replaced", "[anywhere]") {
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

TEST_CASE("chunks anywhere: what could not be replaced to its end is replaced the next time", "[anywhere]") {
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

TEST_CASE("chunks anywhere: a finished chunk of another version of orchestrator is refused by name", "[anywhere]") {
  Anywhere anywhere;
  const RenderedChunk theirs = anywhere.chunk(1).value();
  std::string proof = read_file(proof_file(theirs.file));
  proof.replace(proof.find("\"schema\":1"), 10, "\"schema\":2");
  write_file(proof_file(theirs.file), proof);
  anywhere.check_not_replaced("written by another version");
  CHECK(read_file(proof_file(theirs.file)) == proof);
}

TEST_CASE("chunks anywhere: overwriting that the plan asks for is about the film", "[anywhere]") {
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

TEST_CASE("chunks anywhere: by a plan that says no content, a finished chunk is that of the composition as it is now",
          "[anywhere]") {
  Anywhere anywhere;
  anywhere.plan.content = {};
  CHECK_FALSE(anywhere.chunk(1).value().was_there);
  CHECK(anywhere.chunk(1).value().was_there);
  write_file(anywhere.setup.folder / "scene/style.css", "p { color: red }");
  CHECK_FALSE(anywhere.chunk(1).value().was_there);
  CHECK(anywhere.farm.started == 2);
}

TEST_CASE("chunks anywhere: what another run finishes before this one can begin stays as it is", "[anywhere]") {
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

TEST_CASE("chunks anywhere: what another plan finishes before this one can begin is not replaced", "[anywhere]") {
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

TEST_CASE("chunks anywhere: a chunk that the plan has not is refused", "[anywhere]") {
  Anywhere anywhere;
  for (const int id : {-1, 3}) {
    const auto refused = anywhere.chunk(id);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::invalid_options);
    CHECK(contains(refused.error().detail, "there is no chunk " + std::to_string(id) + ", the plan has 0 ... 2"));
  }
  CHECK_FALSE(fs::exists(anywhere.chunks));
}

TEST_CASE("chunks anywhere: a cancelled or failed chunk leaves nothing", "[anywhere]") {
  Anywhere anywhere;
  std::stop_source stop;
  Farm hanging(1, hang);
  RenderEvents events;
  events.on_chunk_started = [&](int, int) { stop.request_stop(); };
  const auto cancelled = RenderOrchestrator(hanging).render_chunk(anywhere.plan, 2, {anywhere.chunks}, events, stop.get_token());
  REQUIRE(cancelled.has_error());
  CHECK(cancelled.error().code == Errc::cancelled);
  CHECK(anywhere.names().empty());
  Farm failing(1, [](ChunkJob, ChunkContext&) -> boost::asio::awaitable<Result<ChunkResult>> {
    co_return Error{.code = Errc::page_error, .detail = "thrown by the page"};
  });
  const auto failed = RenderOrchestrator(failing).render_chunk(anywhere.plan, 2, {anywhere.chunks});
  REQUIRE(failed.has_error());
  CHECK(failed.error().code == Errc::page_error);
  CHECK(failed.error().chunk == 2);
  CHECK(anywhere.names().empty());
}

TEST_CASE("chunks anywhere: chunks of several versions are joined with a warning that names them", "[anywhere]") {
  Anywhere anywhere;
  Farm versions(1, [](ChunkJob job, ChunkContext& context) -> boost::asio::awaitable<Result<ChunkResult>> {
    const std::string browser = job.chunk == 1 ? "155.0" : "156.0";
    auto done = co_await encode_job(std::move(job), context);
    if (done) done->versions = {"0.1.0", browser, "5.1"};
    co_return done;
  });
  Files files;
  for (int id = 0; id < 3; ++id) {
    files.push_back(RenderOrchestrator(versions).render_chunk(anywhere.plan, id, {anywhere.chunks}).value().file);
  }
  std::vector<std::string> warnings;
  RenderEvents events;
  events.on_log = [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::warning) warnings.emplace_back(text);
  };
  CHECK(RenderOrchestrator::assemble(anywhere.plan, files, events).has_value());
  CHECK(warnings == std::vector<std::string>{"the chunks were rendered with different versions of Chromium, and may not look "
                                             "alike: 155.0 (chunk 1), 156.0 (chunks 0,2)"});
}
