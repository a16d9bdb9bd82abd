#include "orchestrator/option_names.hpp"

#include <orchestrator/composition_description.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::tool;

namespace {

/// What a user reads who spoiled good options like this.
std::string message_for(const std::function<void(RenderOptions&)>& spoil) {
  RenderOptions options{.composition = "scene.html", .output = "out.mp4", .frames = {0, 90}};
  spoil(options);
  const auto checked = validate(options);
  REQUIRE_FALSE(checked.has_value());
  return in_option_names(checked.error()).message();
}

}  // namespace

TEST_CASE("option names: what validate() says of a field is said of the option that sets it", "[tool]") {
  struct Row {
    const char* start;
    std::function<void(RenderOptions&)> spoil;
  };
  const std::vector<Row> rows{
      {"--width ", [](auto& o) { o.video.width = 161; }},
      {"--height ", [](auto& o) { o.video.height = -2; }},
      {"--width x --height is 16384x16384", [](auto& o) { o.video.width = o.video.height = 16'384; }},
      {"--fps ", [](auto& o) { o.video.fps.num = 2000; }},
      {"--codec ", [](auto& o) { o.video.codec = "vp9"; }},
      {"--preset ", [](auto& o) { o.video.preset = "warp"; }},
      {"--crf ", [](auto& o) { o.video.crf = 99; }},
      {"--pixel-format ", [](auto& o) { o.video.pixel_format = "grey"; }},
      {"--output ", [](auto& o) { o.output = "film.avi"; }},
      {"--work-dir ", [](auto& o) { o.work_dir = "\xff"; }},
      {"--duration ",
       [](auto& o) {
         o.frames = RenderRange::seconds({-1, 1});
       }},
      {"--frames: ",
       [](auto& o) {
         o.frames = FrameRange{0, -1};
       }},
      {"--chunks is 91, more than the 90 frames", [](auto& o) { o.chunking.chunks = 91; }},
      {"--chunk-frames ", [](auto& o) { o.chunking.frames_per_chunk = -1; }},
      {"--workers ", [](auto& o) { o.chunking.workers = -1; }},
      {"--load-timeout ", [](auto& o) { o.timeouts.load = {}; }},
      {"--frame-timeout ", [](auto& o) { o.timeouts.frame = {}; }},
      {"--timeout ", [](auto& o) { o.timeouts.total = -std::chrono::seconds(1); }},
      {"--props ", [](auto& o) { o.props = "["; }},
      {"--timezone is 'Berlin time'", [](auto& o) { o.page.timezone = "Berlin time"; }},
      {"--locale is 'de_DE'", [](auto& o) { o.page.locale = "de_DE"; }},
      {"--audio-bitrate ", [](auto& o) { o.audio.bitrate_kbps = 1; }},
      {"--audio, track 2: fade-in ",
       [](auto& o) {
         o.audio.tracks.resize(2, {.source = "a.ogg"});
         o.audio.tracks[1].fade_in = -1;
       }},
      {"--audio, track 1: rate is 9, it must be 0.25 ... 4",
       [](auto& o) { o.audio.tracks.push_back({.source = "a.ogg", .playback_rate = 9}); }},
  };
  for (const Row& row : rows) {
    const std::string message = message_for(row.spoil);
    CAPTURE(message);
    CHECK_THAT(message, Catch::StartsWith(row.start));
    for (const char* field : {"video.", "audio.", "chunking.", "timeouts."}) CHECK_THAT(message, !Catch::Contains(field));
  }
}

TEST_CASE("option names: frames that nobody says are said to be options", "[tool]") {
  const CompositionDescription silent{.compositions = {DescribedComposition{}}};
  const auto filled = fill_in({.composition = "scene.html", .output = "out.mp4"}, silent);
  REQUIRE_FALSE(filled.has_value());
  CHECK(in_option_names(filled.error()).detail.starts_with("--frames or --duration: the composition does not say"));
  const auto plan = RenderOrchestrator::plan({.composition = "scene.html", .output = "out.mp4"});
  REQUIRE_FALSE(plan.has_value());
  CHECK(in_option_names(plan.error()).detail.starts_with("--frames or --duration: say what to render"));
}

TEST_CASE("option names: of other errors only the cited limit is translated, the rest may be a page's", "[tool]") {
  const Error late{.code = Errc::timed_out, .detail = "not done after 9 ms (timeouts.total): 3 of 4 frames were rendered"};
  CHECK(in_option_names(late).detail == "not done after 9 ms (--timeout): 3 of 4 frames were rendered");
  const Error strict{.code = Errc::page_error, .detail = "it moves. The render is strict (page.strict)"};
  CHECK(in_option_names(strict).detail == "it moves. The render is strict (--strict)");
  const Error page{.code = Errc::page_error, .detail = "props is undefined, video.width is 0"};
  CHECK(in_option_names(page).detail == page.detail);
}

TEST_CASE("option names: text that only looks like a track's is left alone", "[tool]") {
  for (const char* text : {"audio.tracks[x].volume is", "audio.tracks[1", "audio.tracks[].y"})
    CHECK(with_option_names(text) == text);
}
