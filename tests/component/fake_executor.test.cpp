#include <orchestrator/testing/fake_executor.hpp>

#include "support/contains.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::testing;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  TempDir folder{};
  RenderOptions options(FrameRange frames, int chunks) const {
    return {.composition = "https://example.org/",
            .output = folder / "film.mp4",
            .video = {.width = 64, .height = 36, .preset = "ultrafast"},
            .frames = frames,
            .chunking = {.chunks = chunks}};
  }
};

/// What the frames of a film must show whose chunks have `chunk_frames` frames.
std::vector<FakeFrame> expected_frames(FrameRange frames, std::int64_t chunk_frames) {
  std::vector<FakeFrame> expected;
  for (std::int64_t number = frames.first; number < frames.last; ++number) {
    expected.push_back({number, static_cast<int>((number - frames.first) / chunk_frames % 8)});
  }
  return expected;
}

}  // namespace

TEST_CASE("fake executor: each frame of the joined film shows its number, on its chunk's colour", "[ffmpeg]") {
  const Fixture fixture;
  FakeExecutor executor({.slots = 3});
  RenderOrchestrator orchestrator(executor);
  const auto result = orchestrator.render(fixture.options({999'950, 1'000'000}, 10));
  REQUIRE(result.has_value());
  CHECK(result->frames == 50);
  const auto seen = read_fake_film(result->output);
  REQUIRE(seen.has_value());
  CHECK(*seen == expected_frames({999'950, 1'000'000}, 5));
}

TEST_CASE("fake executor: chunks are what the job asks for, in every pixel format and at odd sizes and rates", "[ffmpeg]") {
  const Fixture fixture;
  FakeExecutor executor({.slots = 2});
  RenderOrchestrator orchestrator(executor);
  RenderOptions options = fixture.options({118, 130}, 2);
  options.video.pixel_format = GENERATE("yuv420p", "yuv422p", "yuv444p", "rgb24");
  if (options.video.pixel_format == "rgb24") options.video.width = 51;
  options.video.fps = {30'000, 1001};
  CAPTURE(options.video.pixel_format);
  const auto result = orchestrator.render(options);  // verifies each chunk and joins them
  if (!result) FAIL(result.error().message());
  const auto seen = read_fake_film(result->output);
  REQUIRE(seen.has_value());
  CHECK(*seen == expected_frames({118, 130}, 6));
}

TEST_CASE("fake executor: a picture that has no room for the number is refused by size") {
  const Fixture fixture;
  FakeExecutor executor;
  RenderOrchestrator orchestrator(executor);
  RenderOptions options = fixture.options({0, 4}, 1);
  options.video.width = 48;
  const auto result = orchestrator.render(options);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::invalid_options);
  CHECK(contains(result.error().detail, "48x36"));
}

TEST_CASE("fake executor: a chunk fails as it was told, after the frames before", "[ffmpeg]") {
  const Fixture fixture;
  FakeExecutor executor({.failures = {{1, {.code = Errc::page_crashed, .detail = "gone", .frame = 8}}}});
  RenderOrchestrator orchestrator(executor);
  std::int64_t done = 0;
  RenderEvents events;
  events.on_chunk_progress = [&](int chunk, std::int64_t frames) {
    if (chunk == 1) done = frames;
  };
  const auto result = orchestrator.render(fixture.options({0, 15}, 3), events);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::page_crashed);
  CHECK(result.error().chunk == 1);
  CHECK(done == 3);
  CHECK(executor.jobs().size() == 2);
}

TEST_CASE("fake executor: what it was told to be not ready for ends the render before any chunk") {
  const Fixture fixture;
  FakeExecutor executor({.not_ready = Error{.code = Errc::executor_unavailable, .detail = "no farm today"}});
  RenderOrchestrator orchestrator(executor);
  const auto result = orchestrator.render(fixture.options({0, 4}, 1));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().detail == "no farm today");
  CHECK(executor.jobs().empty());
}

TEST_CASE("fake executor: without slots a render waits, and goes on with the first", "[ffmpeg]") {
  const Fixture fixture;
  FakeExecutor executor({.slots = 1, .frame_delay = 5ms});
  RenderOrchestrator orchestrator(executor);
  RenderEvents events;
  int waits = 0;
  events.on_chunk_started = [&](int, int) { executor.set_slots(waits == 0 ? 0 : 2); };
  events.on_log = [&](LogLevel, std::string_view line) {
    if (!contains(line, "no slot now")) return;
    ++waits;
    executor.set_slots(2);
  };
  const auto result = orchestrator.render(fixture.options({0, 600}, 3), events);
  REQUIRE(result.has_value());
  CHECK(waits == 1);
  CHECK(read_fake_film(result->output)->size() == 600);
}

TEST_CASE("fake executor: chunks beyond its slots wait, however many a render asks for at once", "[ffmpeg]") {
  const Fixture fixture;
  FakeExecutor executor({.slots = 1, .frame_delay = 5ms});
  RenderOrchestrator orchestrator(executor);
  RenderOptions options = fixture.options({0, 60}, 4);
  options.chunking.workers = 4;
  std::map<int, std::int64_t> under_way;
  std::size_t most = 0;
  RenderEvents events;
  events.on_chunk_progress = [&](int chunk, std::int64_t frames) {
    frames < 15 ? static_cast<void>(under_way[chunk] = frames) : static_cast<void>(under_way.erase(chunk));
    most = std::max(most, under_way.size());
  };
  REQUIRE(orchestrator.render(options, events).has_value());
  CHECK(most == 1);
}

TEST_CASE("fake executor: a cancelled render leaves no chunk behind", "[ffmpeg]") {
  const Fixture fixture;
  FakeExecutor executor({.slots = 2, .frame_delay = 1h});
  RenderOrchestrator orchestrator(executor);
  std::stop_source stop;
  RenderEvents events;
  RenderOptions options = fixture.options({0, 10}, 2);
  std::filesystem::create_directory(fixture.folder / "work");
  options.work_dir = fixture.folder / "work";
  const std::jthread canceller([&] {
    while (executor.jobs().size() < 2) std::this_thread::sleep_for(5ms);
    stop.request_stop();
  });
  const auto result = orchestrator.render(options, events, stop.get_token());
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Errc::cancelled);
  CHECK(std::filesystem::is_empty(options.work_dir));
}

TEST_CASE("fake executor: a film that it did not make shows no numbers", "[ffmpeg]") {
  const Fixture fixture;
  std::ofstream(fixture.folder / "text.mp4") << "no film";
  const auto text = read_fake_film(fixture.folder / "text.mp4");
  REQUIRE_FALSE(text.has_value());
  CHECK(contains(text.error().detail, "text.mp4"));
}
