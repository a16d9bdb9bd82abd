#include "support/contains.hpp"

#include <orchestrator/render_options.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

RenderOptions good() { return {.composition = "scene.html", .output = "out.mp4", .frames = {0, 90}}; }

AudioTrack& track(RenderOptions& options) { return options.audio.tracks.emplace_back(AudioTrack{.source = "music.ogg"}); }

struct Row {
  const char* named;  ///< what the message must name
  std::function<void(RenderOptions&)> spoil;
};

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {"composition", [](auto& o) { o.composition.clear(); }},
      {"composition", [](auto& o) { o.composition = "sc\xe9ne.html"; }},
      {"composition: 'HTTP://h:99999/' is no valid URL", [](auto& o) { o.composition = "HTTP://h:99999/"; }},
      {"composition: 'http://h/x' is no valid URL", [](auto& o) { o.composition = "http://bob:s3c#ret@h/x"; }},
      {"output", [](auto& o) { o.output = "\xff.mp4"; }},
      {"work_dir", [](auto& o) { o.work_dir = "/tmp/\xc3"; }},
      {"output", [](auto& o) { o.output.clear(); }},
      {"output", [](auto& o) { o.output = "out.mkv"; }},
      {"folder/film.mp4", [](auto& o) { o.output = "folder/"; }},
      {"page.timezone", [](auto& o) { o.page.timezone.clear(); }},
      {"page.timezone is 'Berlin time'", [](auto& o) { o.page.timezone = "Berlin time"; }},
      {"Etc/GMT-3", [](auto& o) { o.page.timezone = "+03:00"; }},
      {"page.locale", [](auto& o) { o.page.locale.clear(); }},
      {"page.locale is 'de_DE', not a BCP 47 tag: write it 'de-DE'", [](auto& o) { o.page.locale = "de_DE"; }},
      {"write it 'de-DE'", [](auto& o) { o.page.locale = "de_DE.UTF-8"; }},
      {"write it 'sr-RS'", [](auto& o) { o.page.locale = "sr_RS@latin"; }},
      {"page.locale is 'C.UTF-8', not a BCP 47 tag, as en-US", [](auto& o) { o.page.locale = "C.UTF-8"; }},
      {"page.locale", [](auto& o) { o.page.locale = "d\xe9"; }},
      {"page.locale", [](auto& o) { o.page.locale = std::string(200, 'a'); }},
      {"video.width", [](auto& o) { o.video.width = -1; }},
      {"video.width", [](auto& o) { o.video.width = 1281; }},
      {"video.height", [](auto& o) { o.video.height = -2; }},
      {"video.height", [](auto& o) { o.video.height = 100'000; }},
      {"video.fps",
       [](auto& o) {
         o.video.fps = {-30, 1};
       }},
      {"video.fps",
       [](auto& o) {
         o.video.fps = {30, 0};
       }},
      {"video.fps",
       [](auto& o) {
         o.video.fps = {2000, 1};
       }},
      {"video.fps",
       [](auto& o) {
         o.video.fps = {large, large - 1};
       }},
      {"video.codec", [](auto& o) { o.video.codec = "mjpeg"; }},
      {"video.preset", [](auto& o) { o.video.preset = "warp"; }},
      {"video.crf", [](auto& o) { o.video.crf = 52; }},
      {"video.pixel_format", [](auto& o) { o.video.pixel_format = "yuv411p"; }},
      {"frames",
       [](auto& o) {
         o.frames = {-1, 5};
       }},
      {"frames",
       [](auto& o) {
         o.frames = {5, 5};
       }},
      {"frames",
       [](auto& o) {
         o.frames = {0, large};
       }},
      {"frames: the last frame lies more than 1099511627 s",
       [](auto& o) {
         o.frames = FrameRange{0, std::int64_t{1} << 40}, o.video.fps = {1, 1};
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({0, 1});
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({-1, 1});
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({1, 0});
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({1, 1000}), o.video.fps = {30, 1};
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({large, 1});
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({large, large}), o.video.fps = {large, large};
       }},
      {"duration",
       [](auto& o) {
         o.frames = RenderRange::seconds({std::int64_t{1} << 40, 1});
       }},
      {"audio.tracks[0].source", [](auto& o) { track(o).source.clear(); }},
      {"audio.tracks[0].source", [](auto& o) { track(o).source = "\xff.ogg"; }},
      {"audio.tracks[1].volume", [](auto& o) { track(o), track(o).volume = -1; }},
      {"audio.tracks[0].volume", [](auto& o) { track(o).volume = not_a_number; }},
      {"audio.tracks[0].offset", [](auto& o) { track(o).offset = 1e9; }},
      {"audio.tracks[0].seek", [](auto& o) { track(o).seek = -0.5; }},
      {"audio.tracks[0].duration", [](auto& o) { track(o).duration = -2; }},
      {"audio.tracks[0].duration is 0", [](auto& o) { track(o).duration = 0; }},
      {"audio.tracks[0].fade_in", [](auto& o) { track(o).fade_in = -1; }},
      {"audio.tracks[0].fade_out", [](auto& o) { track(o).fade_out = not_a_number; }},
      {"audio.tracks[0].playback_rate", [](auto& o) { track(o).playback_rate = 0; }},
      {"audio.bitrate_kbps", [](auto& o) { o.audio.bitrate_kbps = 8; }},
      {"chunking.chunks", [](auto& o) { o.chunking.chunks = -1; }},
      {"chunking.frames_per_chunk", [](auto& o) { o.chunking.frames_per_chunk = -1; }},
      {"chunking.frames_per_chunk", [](auto& o) { o.chunking = {.chunks = 2, .frames_per_chunk = 30}; }},
      {"chunking.chunks is 91, more than the 90 frames", [](auto& o) { o.chunking.chunks = 91; }},
      {"chunking.workers", [](auto& o) { o.chunking.workers = -1; }},
      {"chunking.workers", [](auto& o) { o.chunking.workers = 100'000; }},
      {"timeouts.load", [](auto& o) { o.timeouts.load = 0ms; }},
      {"timeouts.frame", [](auto& o) { o.timeouts.frame = -1ms; }},
      {"timeouts.total", [](auto& o) { o.timeouts.total = -1ms; }},
      {"timeouts.load", [](auto& o) { o.timeouts.load = std::chrono::milliseconds::max(); }},
      {"timeouts.frame", [](auto& o) { o.timeouts.frame = 1'000'000'001s; }},
      {"timeouts.total", [](auto& o) { o.timeouts.total = std::chrono::milliseconds::max(); }},
      {"props", [](auto& o) { o.props = "{"; }},
      {"props", [](auto& o) { o.props = "[1]"; }},
      {"props", [](auto& o) { o.props.clear(); }},
      {"props", [](auto& o) { o.props = "{\"a\": \"" + std::string(5'000'000, 'x') + "\"}"; }},
      {"props", [](auto& o) { o.props = "{\"a\": \"\xff\"}"; }},
  };
  return all;
}

}  // namespace

TEST_CASE("validate: options as in the README are right", "[plan]") {
  CHECK(validate(good()).has_value());
  RenderOptions by_duration = good();
  by_duration.frames = RenderRange::seconds({5, 2});
  CHECK(validate(by_duration).has_value());
  CHECK(by_duration.frame_range() == FrameRange{0, 75});
}

TEST_CASE("validate: what is left to the composition is right", "[plan]") {
  RenderOptions open = good();
  open.frames = {};
  open.chunking.chunks = 500;
  CHECK(validate(open).has_value());
  open.frames = RenderRange::seconds({1, 100});  // a frame, if the composition has 100 a second
  open.chunking.chunks = 1;
  CHECK(validate(open).has_value());
  open.video.fps = {30, 1};
  CHECK_FALSE(validate(open).has_value());
}

TEST_CASE("validate: what is wrong is named, field by field", "[plan]") {
  for (std::size_t i = 0; i < rows().size(); ++i) {
    RenderOptions options = good();
    rows()[i].spoil(options);
    const auto checked = validate(options);
    CAPTURE(i, rows()[i].named);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == Errc::invalid_options);
    CHECK(contains(checked.error().detail, rows()[i].named));
  }
}

TEST_CASE("validate: the limits themselves are allowed", "[plan]") {
  RenderOptions options = good();
  options.output = "FILM.Mp4";
  options.timeouts = {.load = 1'000'000'000s, .frame = 1ms, .total = 1'000'000'000s};
  options.chunking.chunks = 1;
  options.video.pixel_format = "yuv444p";
  options.video.width = 1;
  options.video.height = 16'384;
  options.video.fps = {1000, 1};
  options.video.crf = 0;
  options.chunking.workers = 4096;
  options.audio.bitrate_kbps = 512;
  AudioTrack& sound = track(options);
  sound.volume = 0;
  sound.offset = -3;
  sound.duration = 0.001;
  sound.playback_rate = 4;
  options.frames = {(std::int64_t{1} << 40) - 1, std::int64_t{1} << 40};
  const auto checked = validate(options);
  INFO((checked ? "" : checked.error().detail));
  CHECK(checked.has_value());
}
