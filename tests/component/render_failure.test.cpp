#include "support/contains.hpp"
#include "support/environment.hpp"
#include "support/farm.hpp"
#include "support/files.hpp"
#include "support/largest_allocation.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <fstream>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A render that must fail with `code`, soon, leaving no file and no chunk under way.
Error failure(RenderSetup& setup, Farm& farm, Errc code, const RenderEvents& events = {}, std::stop_token stop = {}) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = RenderOrchestrator(farm).render(setup.options, events, stop);
  REQUIRE_FALSE(result.has_value());
  INFO(result.error().message());
  CHECK(result.error().code == code);
  CHECK(setup.left().empty());
  CHECK(farm.running() == 0);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  return result.error();
}

ChunkWork fails_in(int chunk, ChunkWork otherwise) {
  return [=](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    if (job.chunk == chunk) {
      co_return Error{.code = Errc::page_error, .detail = "boom", .stage = Stage::capture, .frame = job.frames.first};
    }
    co_return co_await otherwise(std::move(job), context);
  };
}

}  // namespace

TEST_CASE("failing render: the first error is told, siblings are ended, nothing is joined", "[render]") {
  RenderSetup setup;
  Farm farm(3, fails_in(1, hang));
  std::vector<int> failed;
  bool assembled = false;
  RenderEvents events;
  events.on_chunk_failed = [&](int chunk, const Error&) { failed.push_back(chunk); };
  events.on_phase = [&](RenderPhase phase) { assembled = assembled || phase == RenderPhase::assembling; };
  const Error error = failure(setup, farm, Errc::page_error, events);
  CHECK(error.chunk == 1);
  CHECK(error.attempt == 1);
  CHECK(error.frame == 10);
  CHECK(error.detail == "boom");
  CHECK(failed.size() == 3);
  CHECK(failed.front() == 1);
  CHECK_FALSE(assembled);
}

TEST_CASE("failing render: nothing starts after the first error", "[render]") {
  RenderSetup setup;
  setup.options.chunking = {.chunks = 10};
  Farm farm(1, fails_in(2, encode_job));
  CHECK(failure(setup, farm, Errc::page_error).chunk == 2);
  CHECK(farm.started == 3);
}

TEST_CASE("failing render: an error in the moment in which the next chunk starts is an error like any other", "[render]") {
  RenderSetup setup;
  const auto at_once = [](ChunkJob job, ChunkContext&) -> asio::awaitable<Result<ChunkResult>> {
    std::ofstream(job.output) << "no film, which takes ffprobe a while to find out";
    co_return ChunkResult{.file = job.output, .frames = job.frames.count()};
  };
  Farm farm(2, fails_in(1, at_once));
  CHECK(failure(setup, farm, Errc::page_error).chunk == 1);
}

TEST_CASE("failing render: an executor that throws has a defect, and the render says so", "[render]") {
  RenderSetup setup;
  Farm farm(1, [](ChunkJob, ChunkContext&) -> asio::awaitable<Result<ChunkResult>> {
    throw std::logic_error("index 7");
    co_return ChunkResult{};
  });
  CHECK(contains(failure(setup, farm, Errc::internal).detail, "index 7"));
  Farm odd(1, [](ChunkJob, ChunkContext&) -> asio::awaitable<Result<ChunkResult>> {
    throw 7;
    co_return ChunkResult{};
  });
  failure(setup, odd, Errc::internal);
}

TEST_CASE("failing render: a step that throws, as for lack of memory, ends the render in order like any other failure",
          "[render]") {
  struct Row {
    std::string probed;  ///< what its ffprobe says takes too much memory
    Stage stage;
  };
  for (const Row& row : {Row{"chunk-1.mp4", Stage::verify}, Row{"music.wav", Stage::audio}, Row{"final.mp4", Stage::assemble}}) {
    CAPTURE(row.probed);
    RenderSetup setup;
    write_file(setup.folder / "music.wav", "x");
    if (row.stage == Stage::audio) setup.options.audio.tracks = {{.source = (setup.folder / "music.wav").string()}};
    const auto ffprobe = setup.folder / "ffprobe";
    write_script(ffprobe, "case \"$*\" in *" + row.probed + ") head -c 4000000 /dev/zero ;; *) exec ffprobe \"$@\" ;; esac");
    const Environment environment("ORCHESTRATOR_FFPROBE", ffprobe.string());
    const LargestAllocation little(1'000'000);
    Farm farm(2, encode_job);
    const Error error = failure(setup, farm, Errc::internal);
    CHECK(error.stage == row.stage);
    CHECK(contains(error.detail, "an exception left the render: std::bad_alloc"));
  }
}

TEST_CASE("failing render: whichever callback throws, the render ends in order, and what was thrown is told", "[render]") {
  const auto boom = [](const auto&...) { throw std::runtime_error("boom"); };
  const auto at_phase = [](RenderPhase phase) {
    return [phase](RenderPhase entered) {
      if (entered == phase) throw std::runtime_error("boom");
    };
  };
  const std::vector<std::pair<std::string, RenderEvents>> rows{
      {"on_plan", {.on_plan = boom}},
      {"on_progress", {.on_progress = boom}},
      {"on_phase", {.on_phase = at_phase(RenderPhase::starting)}},
      {"on_phase", {.on_phase = at_phase(RenderPhase::rendering)}},
      {"on_phase", {.on_phase = at_phase(RenderPhase::assembling)}},
      {"on_chunk_started", {.on_chunk_started = boom}},
      {"on_chunk_progress", {.on_chunk_progress = boom}},
      {"on_chunk_finished", {.on_chunk_finished = boom}},
      {"on_log", {.on_log = boom}},
  };
  const bool logs_from_elsewhere = GENERATE(false, true);
  for (const auto& [name, events] : rows) {
    CAPTURE(name);
    RenderSetup setup;
    Farm farm(2, [&](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
      if (logs_from_elsewhere) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
      context.log(LogLevel::warning, "a word");
      co_return co_await encode_job(std::move(job), context);
    });
    CHECK(failure(setup, farm, Errc::internal, events).detail == "RenderEvents::" + name + " threw: boom");
  }
}

TEST_CASE("failing render: a callback that throws about a failed chunk is told before the chunk's error", "[render]") {
  RenderSetup setup;
  Farm farm(1, fails_in(1, encode_job));
  const RenderEvents events{.on_chunk_failed = [](int, const Error&) { throw 7; }};
  CHECK(contains(failure(setup, farm, Errc::internal, events).detail, "on_chunk_failed threw: something"));
}

TEST_CASE("failing render: a callback that throws at the very end leaves the film, and the error names it", "[render]") {
  RenderSetup setup;
  Farm farm(1, encode_job);
  const RenderEvents events{.on_phase = [](RenderPhase phase) {
    if (phase == RenderPhase::done) throw std::runtime_error("boom");
  }};
  const auto result = RenderOrchestrator(farm).render(setup.options, events);
  REQUIRE_FALSE(result.has_value());
  CHECK(contains(result.error().detail, "on_phase threw: boom; the film is finished: " + setup.options.output.string()));
  CHECK(setup.left() == std::vector<std::string>{"film.mp4"});
}

TEST_CASE("failing render: an executor that throws before the render is ready is told, too", "[render]") {
  struct Unready : RenderExecutor {
    asio::awaitable<Result<void>> prepare() override {
      throw std::runtime_error("no farm");
      co_return Result<void>{};
    }
    ExecutorCapabilities capabilities() const override { return {}; }
    asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
      co_return co_await encode_job(std::move(job), context);
    }
  } unready;
  struct Unknown : Unready {
    asio::awaitable<Result<void>> prepare() override { co_return Result<void>{}; }
    ExecutorCapabilities capabilities() const override { throw std::runtime_error("no farm"); }
  } unknown;
  RenderSetup setup;
  for (RenderExecutor* executor : std::initializer_list<RenderExecutor*>{&unready, &unknown}) {
    const auto result = RenderOrchestrator(*executor).render(setup.options);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::internal);
    CHECK(contains(result.error().detail, "no farm"));
    CHECK(setup.left().empty());
  }
}

TEST_CASE("failing render: the time limit ends an executor that never becomes ready", "[render]") {
  struct Sleepy : RenderExecutor {
    asio::awaitable<Result<void>> prepare() override {
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::minutes(1));
      co_await timer.async_wait(asio::use_awaitable);
      co_return Result<void>{};
    }
    ExecutorCapabilities capabilities() const override { return {}; }
    asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
      co_return co_await encode_job(std::move(job), context);
    }
  } sleepy;
  RenderSetup setup;
  setup.options.timeouts.total = std::chrono::milliseconds(200);
  const auto result = RenderOrchestrator(sleepy).render(setup.options);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::timed_out);
  CHECK(result.error().stage == Stage::start);
  CHECK(contains(result.error().detail, "200 ms (timeouts.total): the executor was not ready yet"));
  CHECK(setup.left().empty());
}

TEST_CASE("failing render: a plan that contradicts itself, or has no options, is refused", "[render]") {
  RenderSetup setup;
  Farm farm(1, encode_job);
  auto plan = RenderOrchestrator::plan(setup.options);
  REQUIRE(plan.has_value());
  plan->chunks[1].start_frame += 1;
  const auto gap = RenderOrchestrator(farm).render(*plan);
  REQUIRE_FALSE(gap.has_value());
  CHECK(gap.error().code == Errc::invalid_options);
  CHECK(contains(gap.error().detail, "plan.chunks[1].start_frame"));
  plan->chunks[1].start_frame -= 1;
  plan->mix_options.tracks = {{.source = "other.wav", .playback_rate = 0}};
  const auto other_sound = RenderOrchestrator(farm).render(*plan);
  REQUIRE_FALSE(other_sound.has_value());
  CHECK(contains(other_sound.error().detail, "plan.mix_options"));
  const auto empty = RenderOrchestrator(farm).render(RenderPlan{});
  REQUIRE_FALSE(empty.has_value());
  CHECK(contains(empty.error().detail, "plan.options"));
  CHECK(farm.started == 0);
}

TEST_CASE("failing render: chunks are looked at, whatever the executor says of them", "[render]") {
  RenderSetup setup;
  Farm short_by_one(1, [](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    if (job.chunk == 1) --job.frames.last;
    co_return co_await encode_job(std::move(job), context);
  });
  const Error error = failure(setup, short_by_one, Errc::chunk_invalid);
  CHECK(error.chunk == 1);
  CHECK(contains(error.detail, "9 frames, expected 10"));
  Farm wrong_size(1, [](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    job.video.width = 32;
    co_return co_await encode_job(std::move(job), context);
  });
  CHECK(contains(failure(setup, wrong_size, Errc::chunk_invalid).detail, "64x48"));
  Farm nothing(1, [](ChunkJob job, ChunkContext&) -> asio::awaitable<Result<ChunkResult>> {
    co_return ChunkResult{.file = job.output, .frames = job.frames.count()};
  });
  failure(setup, nothing, Errc::chunk_invalid);
}

TEST_CASE("failing render: one chunk's file is not taken for another's, nor a pipe for a file", "[render]") {
  RenderSetup setup;
  const auto first = std::make_shared<std::filesystem::path>();
  Farm same(1, [first](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    auto result = co_await encode_job(std::move(job), context);
    if (first->empty()) *first = result->file;
    result->file = *first;
    co_return result;
  });
  const Error error = failure(setup, same, Errc::chunk_invalid);
  CHECK(error.chunk == 1);
  CHECK(contains(error.detail, "is that of chunk 0, too"));
  Farm pipe(1, [](ChunkJob job, ChunkContext&) -> asio::awaitable<Result<ChunkResult>> {
    REQUIRE(::mkfifo(job.output.c_str(), 0600) == 0);
    co_return ChunkResult{.file = job.output, .frames = job.frames.count()};
  });
  CHECK(contains(failure(setup, pipe, Errc::chunk_invalid).detail, "it is a pipe"));
}

TEST_CASE("failing render: chunks of different encoders are not joined", "[render]") {
  RenderSetup setup;
  Farm farm(1, [](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    if (job.chunk == 2) job.video.preset = "slow";
    co_return co_await encode_job(std::move(job), context);
  });
  CHECK(failure(setup, farm, Errc::chunk_invalid).chunk == 2);
}

TEST_CASE("failing render: sound that is not there ends the chunks, too", "[render]") {
  RenderSetup setup;
  setup.options.audio.tracks = {{.source = "/no/such/music.ogg"}};
  Farm farm(2, hang);
  CHECK(contains(failure(setup, farm, Errc::audio_failed).detail, "/no/such/music.ogg"));
}

TEST_CASE("failing render: an output folder that disappears is named, at the next frame or at the latest when it is missed",
          "[render]") {
  const bool reports = GENERATE(true, false);
  RenderSetup setup;
  const auto out = setup.folder / "out";
  Farm farm(1, [=](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    std::filesystem::remove_all(out);
    if (reports) context.progress(1, 1);
    if (reports) co_return co_await hang(std::move(job), context);
    co_return Error{.code = Errc::encoder_failed, .detail = "ffmpeg: No such file or directory", .worker = "farm"};
  });
  const auto result = RenderOrchestrator(farm).render(setup.options);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::output_unwritable);
  CHECK(contains(result.error().detail, out.string()));
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("failing render: a chunk that does not pass is its worker's", "[render]") {
  RenderSetup setup;
  Farm nothing(1, [](ChunkJob job, ChunkContext&) -> asio::awaitable<Result<ChunkResult>> {
    co_return ChunkResult{.file = job.output, .frames = job.frames.count(), .worker = "host/7"};
  });
  CHECK(failure(setup, nothing, Errc::chunk_invalid).worker == "host/7");
}

TEST_CASE("failing render: out of time", "[render]") {
  RenderSetup setup;
  setup.options.timeouts.total = 200ms;
  Farm farm(2, hang);
  CHECK(contains(failure(setup, farm, Errc::timed_out).detail, "200 ms (timeouts.total): 0 of 30 frames were rendered"));
}

TEST_CASE("failing render: out of time while chunks are checked", "[render]") {
  RenderSetup setup;
  setup.options.timeouts.total = 1s;
  std::ofstream(setup.folder / "ffprobe") << "#!/bin/sh\nexec sleep 60\n";
  std::filesystem::permissions(setup.folder / "ffprobe", std::filesystem::perms::owner_all);
  const Environment hanging("ORCHESTRATOR_FFPROBE", (setup.folder / "ffprobe").string());
  Farm farm(3, [](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    std::ofstream(job.output) << "a chunk";
    context.progress(job.frames.count(), job.frames.count());
    co_return ChunkResult{.file = job.output, .frames = job.frames.count()};
  });
  const Error error = failure(setup, farm, Errc::timed_out);
  CHECK(error.stage == Stage::verify);
  CHECK(contains(error.detail, "every frame was rendered"));
}

TEST_CASE("cancelled render: stops, whenever the request comes", "[render]") {
  RenderSetup setup;
  std::stop_source before;
  before.request_stop();
  Farm farm(2, hang);
  failure(setup, farm, Errc::cancelled, {}, before.get_token());
  std::stop_source later;
  std::jthread request([&] {
    std::this_thread::sleep_for(100ms);
    later.request_stop();
  });
  failure(setup, farm, Errc::cancelled, {}, later.get_token());
}

TEST_CASE("cancelled render: while it assembles", "[render]") {
  RenderSetup setup;
  std::stop_source stop;
  Farm farm(3, encode_job);
  RenderEvents events;
  events.on_phase = [&](RenderPhase phase) {
    if (phase == RenderPhase::assembling) stop.request_stop();
  };
  CHECK(failure(setup, farm, Errc::cancelled, events, stop.get_token()).stage == Stage::assemble);
}

TEST_CASE("cancelled render: a request in the moment in which a chunk ends is not lost", "[render]") {
  RenderSetup setup;
  setup.options.chunking = {.chunks = 1};
  std::stop_source stop;
  Farm farm(1, [&](ChunkJob job, ChunkContext& context) -> asio::awaitable<Result<ChunkResult>> {
    auto result = co_await encode_job(std::move(job), context);
    stop.request_stop();
    // Lets the loop turn once, so that the request arrives between this chunk's report and its being read.
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return result;
  });
  failure(setup, farm, Errc::cancelled, {}, stop.get_token());
}
