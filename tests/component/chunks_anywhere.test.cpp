// Chunks that are rendered one by one, each by a call of its own, and joined by another.
#include "support/anywhere.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

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
