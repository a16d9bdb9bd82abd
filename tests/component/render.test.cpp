#include "process/machine_size.hpp"
#include "support/environment.hpp"
#include "support/farm.hpp"
#include "support/files.hpp"
#include "support/run_tool.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

Result<RenderResult> render(RenderSetup& setup, RenderExecutor& executor, const RenderEvents& events = {}) {
  return RenderOrchestrator(executor).render(setup.options, events);
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("render: the file has every frame, evenly timed, and nothing else stays", "[render]") {
  RenderSetup setup;
  setup.options.frames = {100, 137};
  setup.options.chunking = {.chunks = 4};
  Farm farm(2, encode_job);
  const auto result = render(setup, farm);
  INFO((result ? "" : result.error().message()));
  REQUIRE(result.has_value());
  CHECK(result->frames == 37);
  CHECK(result->workers == 2);
  CHECK(farm.most_at_once == 2);
  CHECK(setup.left() == Names{"film.mp4"});
  const Names packets = probe(setup.options.output.string(), "v:0", "packet=pts");
  REQUIRE(packets.size() == 37);
  REQUIRE(result->chunks.size() == 4);
  for (const ChunkReport& chunk : result->chunks) {
    CHECK(chunk.attempts == 1);
    CHECK(chunk.result.worker == "farm");
  }
  CHECK(result->chunks[1].start_frame == 110);
}

TEST_CASE("render: events tell the story in order, and the file is there only at its end", "[render]") {
  RenderSetup setup;
  Farm farm(3, encode_job);
  std::vector<RenderPhase> phases;
  std::vector<double> fractions;
  int started = 0, finished = 0, failed = 0, early = 0;
  RenderEvents events;
  events.on_phase = [&](RenderPhase phase) { phases.push_back(phase); };
  events.on_chunk_started = [&](int, int attempt) { started += attempt; };
  events.on_chunk_finished = [&](int chunk, const ChunkResult& result) {
    finished += 1;
    CHECK(result.file.filename() == "chunk-" + std::to_string(chunk) + ".mp4");
  };
  events.on_chunk_failed = [&](int, const Error&) { ++failed; };
  events.on_progress = [&](const Progress& progress) {
    fractions.push_back(progress.fraction);
    if (progress.phase != RenderPhase::done && fs::exists(setup.options.output)) ++early;
  };
  REQUIRE(render(setup, farm, events).has_value());
  CHECK(phases == std::vector{RenderPhase::starting, RenderPhase::rendering, RenderPhase::assembling, RenderPhase::done});
  CHECK(started == 3);
  CHECK(finished == 3);
  CHECK(failed == 0);
  CHECK(early == 0);
  CHECK(std::is_sorted(fractions.begin(), fractions.end()));
  CHECK(fractions.back() == 1.0);
  CHECK(std::count(fractions.begin(), fractions.end(), 1.0) == 1);
}

TEST_CASE("render: an existing file is not touched unless that was asked for", "[render]") {
  RenderSetup setup;
  std::ofstream(setup.options.output) << "precious";
  Farm farm(1, encode_job);
  const auto refused = render(setup, farm);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::output_unwritable);
  CHECK(farm.started == 0);
  CHECK(text_of(setup.options.output) == "precious");
  setup.options.overwrite = true;
  CHECK(render(setup, farm).has_value());
  CHECK(fs::file_size(setup.options.output) > 500);
  CHECK(setup.left() == Names{"film.mp4"});
}

TEST_CASE("render: a sound that is no file and no URL is refused before the work, with what to write", "[render]") {
  RenderSetup setup;
  const std::vector<std::pair<std::string, std::string>> rows{{"file:///no/a%20b.wav", "write the file's path, /no/a b.wav"},
                                                              {"ftp://host/a.wav", "only http and https URLs and files are"},
                                                              {"www.example.com/a.wav", "write http://www.example.com/a.wav"},
                                                              {"/no/such/sound.wav", "there is no file /no/such/sound.wav"},
                                                              {setup.folder.path().string(), "it is a folder"}};
  for (const auto& [source, advice] : rows) {
    CAPTURE(source);
    Farm farm(1, encode_job);
    setup.options.audio.tracks = {{.source = source}};
    const auto result = render(setup, farm);
    REQUIRE(result.has_error());
    CHECK(result.error().code == Errc::audio_failed);
    CHECK(result.error().detail.find("audio track " + source + " cannot be read: ") == 0);
    CHECK(result.error().detail.find(advice) != std::string::npos);
    CHECK(farm.started == 0);
  }
  CHECK(setup.left().empty());
}

TEST_CASE("render: chunks that end at the same time are verified by as many processes as there are cores", "[render]") {
  RenderSetup setup;
  setup.options.chunking = {.chunks = 30, .workers = 30};
  const fs::path ffprobe = setup.folder / "ffprobe";
  write_script(ffprobe, R"(echo + >> "$0.log"; sleep 0.2; ffprobe "$@"; status=$?; echo - >> "$0.log"; exit $status)");
  const Environment environment("ORCHESTRATOR_FFPROBE", ffprobe.string());
  Farm farm(30, encode_job);
  REQUIRE(render(setup, farm).has_value());
  int now = 0, most = 0, all = 0;
  for (const char sign : read_file(ffprobe.string() + ".log")) {
    if (sign == '+') most = std::max(most, ++now);
    if (sign == '+') ++all;
    if (sign == '-') --now;
  }
  CHECK(all == 31);  // the chunks and the film
  CHECK(most <= machine_size().cores);
}

TEST_CASE("render: chunks can be kept elsewhere meanwhile", "[render]") {
  RenderSetup setup;
  const TempDir elsewhere;
  setup.options.work_dir = elsewhere.path();
  bool there = true;
  Farm farm(2, [&](ChunkJob job, ChunkContext& context) {
    there = there && job.output.string().starts_with(elsewhere.path().string());
    return encode_job(std::move(job), context);
  });
  CHECK(render(setup, farm).has_value());
  CHECK(there);
  CHECK(fs::is_empty(elsewhere.path()));
  CHECK(setup.left() == Names{"film.mp4"});
}

TEST_CASE("render: an executor may bring its chunks from anywhere, and they stay where they are", "[render]") {
  RenderSetup setup;
  const TempDir download;
  Farm farm(2, [&](ChunkJob job, ChunkContext& context) -> boost::asio::awaitable<Result<ChunkResult>> {
    job.output = download / ("part " + std::to_string(job.chunk) + ".mp4");
    co_return co_await encode_job(std::move(job), context);
  });
  CHECK(render(setup, farm).has_value());
  CHECK(fs::exists(download / "part 2.mp4"));
}

TEST_CASE("render: what the worker is given is complete", "[render]") {
  RenderSetup setup;
  setup.options.props = R"({"a":1})";
  setup.options.page = {.timezone = "Asia/Tokyo", .locale = "ja-JP", .strict = true, .stateful = true};
  setup.options.composition = setup.folder.path().string();
  fs::rename(setup.folder / "scene.html", setup.folder / "index.html");
  std::vector<ChunkJob> jobs;
  Farm farm(1, [&](ChunkJob job, ChunkContext& context) {
    jobs.push_back(job);
    return encode_job(std::move(job), context);
  });
  REQUIRE(render(setup, farm).has_value());
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[2].chunk == 2);
  CHECK(jobs[2].attempt == 1);
  CHECK(jobs[2].frames == FrameRange{20, 30});
  CHECK(jobs[2].composition == (setup.folder / "index.html").string());
  CHECK(jobs[2].props == R"({"a":1})");
  CHECK(jobs[2].page.timezone == "Asia/Tokyo");
  CHECK(jobs[2].page.locale == "ja-JP");
  CHECK(jobs[2].page.strict);
  CHECK(jobs[2].page.stateful);
  CHECK(jobs[2].video.width == 64);
}

TEST_CASE("render: two renders of one process do not write the same file, and two files in one folder are no matter",
          "[render]") {
  RenderSetup setup;
  Farm farm(1, encode_job);
  RenderOptions other = setup.options;
  Errc code = Errc::internal;
  bool beside = false;
  RenderEvents events;
  events.on_chunk_started = [&](int chunk, int) {
    if (chunk != 0) return;
    const auto same = RenderOrchestrator(farm).render(other);
    if (!same) code = same.error().code;
    other.output = setup.folder / "out/other.mp4";
    beside = RenderOrchestrator(farm).render(other).has_value();
  };
  CHECK(render(setup, farm, events).has_value());
  CHECK(code == Errc::output_unwritable);
  CHECK(beside);
  CHECK(setup.left() == Names{"film.mp4", "other.mp4"});
}

TEST_CASE("render: a lock that a killed render left behind locks nothing, and goes", "[render]") {
  RenderSetup setup;
  std::ofstream(setup.folder / "out/.film.mp4.lock") << "";
  Farm farm(1, encode_job);
  CHECK(render(setup, farm).has_value());
  CHECK(setup.left() == Names{"film.mp4"});
}

TEST_CASE("render: a composition that is not there is told with what was meant", "[render]") {
  RenderSetup setup;
  Farm farm(1, encode_job);
  const std::string scene = setup.options.composition;
  const std::vector<std::pair<std::string, std::string>> rows{{"file://" + scene, "write the file's path, " + scene},
                                                              {"localhost:8000/x", "http://localhost:8000/x"},
                                                              {"10.0.0.1:80", "http://10.0.0.1:80"},
                                                              {scene + "?a=1#b", "write " + scene + " and"},
                                                              {"no-such.html", fs::absolute("no-such.html").string()},
                                                              {setup.folder / "out", (setup.folder / "out/index.html").string()}};
  for (const auto& [composition, named] : rows) {
    setup.options.composition = composition;
    const auto result = render(setup, farm);
    CAPTURE(composition);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::composition_not_found);
    CHECK_THAT(result.error().detail, Catch::Contains(named));
  }
}

TEST_CASE("render: what cannot begin says so, and leaves nothing", "[render]") {
  Farm farm(1, encode_job);
  const auto code_of = [&](const std::function<void(RenderOptions&)>& spoil) {
    RenderSetup setup;
    spoil(setup.options);
    const auto result = render(setup, farm);
    REQUIRE_FALSE(result.has_value());
    CHECK(setup.left().empty());
    return result.error().code;
  };
  CHECK(code_of([](auto& options) { options.frames = {}; }) == Errc::invalid_options);
  CHECK(code_of([](auto& options) { options.composition = "/no/such/scene.html"; }) == Errc::composition_not_found);
  CHECK(code_of([](auto& options) { options.composition = "file:///etc/passwd"; }) == Errc::composition_not_found);
  CHECK(code_of([](auto& options) { options.output = "/no/such/folder/o.mp4"; }) == Errc::output_unwritable);
  CHECK(code_of([](auto& options) { options.work_dir = "/no/such/folder"; }) == Errc::output_unwritable);
  CHECK(farm.started == 0);
}

TEST_CASE("render: a farm that grows gets more chunks at a time, one that shrinks fewer", "[render]") {
  RenderSetup setup;
  setup.options.chunking = {.chunks = 8};
  Farm* all = nullptr;
  Farm farm(1, [&](ChunkJob job, ChunkContext& context) -> boost::asio::awaitable<Result<ChunkResult>> {
    const int chunk = job.chunk;
    auto result = co_await encode_job(std::move(job), context);
    if (chunk == 0) all->slots = 3;
    // Two intervals at which the slots are asked for: the farm is seen to have grown, and to have shrunk.
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1200));
    co_await timer.async_wait(boost::asio::use_awaitable);
    if (chunk == 3) {
      CHECK(all->most_at_once == 3);
      all->slots = 1;
    }
    if (chunk == 7) CHECK(all->running() == 1);
    co_return result;
  });
  all = &farm;
  const auto result = render(setup, farm);
  REQUIRE(result.has_value());
  CHECK(result->workers == 3);  // the most that there were
}

TEST_CASE("render: a plan's workers are kept to, whatever the farm does", "[render]") {
  RenderSetup setup;
  const auto plan = RenderOrchestrator::plan(setup.options, {.slots = 1});
  REQUIRE(plan.has_value());
  Farm farm(3, [](ChunkJob job, ChunkContext& context) -> boost::asio::awaitable<Result<ChunkResult>> {
    auto result = co_await encode_job(std::move(job), context);
    // Longer than the interval at which the slots of a render by options are asked for.
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(700));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return result;
  });
  const auto result = RenderOrchestrator(farm).render(*plan);
  REQUIRE(result.has_value());
  CHECK(farm.most_at_once == 1);
  CHECK(result->workers == 1);
}

TEST_CASE("render: what the options say of workers is kept to, whatever the farm does", "[render]") {
  RenderSetup setup;
  setup.options.chunking = {.chunks = 4, .workers = 2};
  Farm farm(1, encode_job);
  REQUIRE(render(setup, farm).has_value());
  CHECK(farm.most_at_once == 2);
}

TEST_CASE("render: a plan is rendered as it is, also one that was kept as JSON", "[render]") {
  RenderSetup setup;
  const auto plan = RenderOrchestrator::plan(setup.options, {.slots = 2});
  REQUIRE(plan.has_value());
  const auto kept = plan_from_json(to_json(*plan));
  REQUIRE(kept.has_value());
  Farm farm(1, encode_job);
  const auto result = RenderOrchestrator(farm).render(*kept);
  REQUIRE(result.has_value());
  CHECK(result->frames == 30);
  CHECK(result->chunks.size() == 3);
  CHECK(setup.left() == Names{"film.mp4"});
}
