#include "orchestrator/render_arguments.hpp"
#include "support/contains.hpp"
#include "support/temp_dir.hpp"

#include <CLI/CLI.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::tool;
using namespace std::chrono_literals;

namespace {

Result<RenderOptions> parse(std::vector<std::string> words) {
  CLI::App app;
  RenderArguments arguments;
  arguments.declare(app);
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  app.parse(std::move(words));
  return arguments.options();
}

Result<RenderOptions> parse_with(std::vector<std::string> more) {
  std::vector<std::string> words{"scene", "-o", "out.mp4", "--frames", "0:90"};
  words.insert(words.end(), more.begin(), more.end());
  return parse(std::move(words));
}

}  // namespace

TEST_CASE("render arguments: a scene, an output and a range are enough", "[tool]") {
  const auto options = parse_with({});
  REQUIRE(options.has_value());
  CHECK(options->composition == "scene");
  CHECK(options->output == "out.mp4");
  CHECK(options->frames == FrameRange{0, 90});
  CHECK(options->video.width == 0);  // the composition may say
  CHECK(options->video.fps.num == 0);
  CHECK(options->props == "{}");
  CHECK(validate(*options).has_value());
}

TEST_CASE("render arguments: every option arrives in its field", "[tool]") {
  const auto options = parse({"https://example.com/",
                              "--output",
                              "o.mp4",
                              "--duration",
                              "2.5",
                              "--width",
                              "640",
                              "--height",
                              "360",
                              "--fps",
                              "30000/1001",
                              "--codec",
                              "libx264",
                              "--preset",
                              "fast",
                              "--crf",
                              "20",
                              "--pixel-format",
                              "yuv444p",
                              "--audio",
                              "a.ogg,volume=0.5",
                              "--audio",
                              "b,c.ogg",
                              "--audio-bitrate",
                              "96",
                              "--silent-audio",
                              "--props",
                              R"({"a":1})",
                              "--timezone",
                              "Europe/Berlin",
                              "--locale",
                              "de-DE",
                              "--strict",
                              "--stateful",
                              "--capture",
                              "shm",
                              "--load-timeout",
                              "1.5",
                              "--frame-timeout",
                              "2",
                              "--timeout",
                              "60",
                              "--workers",
                              "3",
                              "--chunks",
                              "6",
                              "--work-dir",
                              "/w",
                              "--overwrite"});
  INFO((options ? "" : options.error().detail));
  REQUIRE(options.has_value());
  CHECK(options->frames.duration() == Rational{25, 10});
  CHECK(options->video.width == 640);
  CHECK(options->video.height == 360);
  CHECK(options->video.fps == Rational{30'000, 1001});
  CHECK(options->video.codec == "libx264");
  CHECK(options->video.preset == "fast");
  CHECK(options->video.crf == 20);
  CHECK(options->video.pixel_format == "yuv444p");
  REQUIRE(options->audio.tracks.size() == 2);
  CHECK(options->audio.tracks[0].volume == 0.5);
  CHECK(options->audio.tracks[1].source == "b,c.ogg");
  CHECK(options->audio.bitrate_kbps == 96);
  CHECK(options->audio.always);
  CHECK(options->props == R"({"a":1})");
  CHECK(options->page.timezone == "Europe/Berlin");
  CHECK(options->page.locale == "de-DE");
  CHECK(options->page.strict);
  CHECK(options->page.stateful);
  CHECK(options->capture == CaptureMode::shm);
  CHECK(options->timeouts.load == 1500ms);
  CHECK(options->timeouts.frame == 2s);
  CHECK(options->timeouts.total == 60s);
  CHECK(options->chunking.workers == 3);
  CHECK(options->chunking.chunks == 6);
  CHECK(options->work_dir == "/w");
  CHECK(options->overwrite);
  CHECK(parse_with({"--chunk-frames", "30"})->chunking.frames_per_chunk == 30);
}

TEST_CASE("render arguments: what is wrong is named as it was typed", "[tool]") {
  const std::vector<std::pair<std::vector<std::string>, const char*>> rows{
      {{"--fps", "fast"}, "--fps"},
      {{"--fps", "30/0"}, "--fps"},
      {{"--fps", "-30"}, "--fps"},
      {{"--frames", "90"}, "--frames"},
      {{"--frames", "9:9"}, "--frames"},
      {{"--frames", "-5:9"}, "--frames"},
      {{"--duration", "soon"}, "--duration"},
      {{"--duration", "-1"}, "--duration"},
      {{"--audio", "a.ogg,volume=x"}, "--audio"},
      {{"--capture", "camera"}, "--capture"},
      {{"--props", "@/no/such/file.json"}, "/no/such/file.json"},
      {{"--props", ""}, "--props is empty"},
      {{"--load-timeout", "-1"}, "--load-timeout"},
      {{"--frame-timeout", "nan"}, "--frame-timeout"},
      {{"--timeout", "1e300"}, "--timeout"},
  };
  for (const auto& [words, named] : rows) {
    std::vector<std::string> all{"scene", "-o", "out.mp4"};
    all.insert(all.end(), words.begin(), words.end());
    const auto options = parse(all);
    CAPTURE(words[0], words[1]);
    REQUIRE_FALSE(options.has_value());
    CHECK(options.error().code == Errc::invalid_options);
    CHECK(contains(options.error().detail, named));
  }
}

TEST_CASE("render arguments: props may come from a file", "[tool]") {
  const TempDir folder;
  std::ofstream(folder / "props.json") << R"({"title": "from a file"})";
  const auto options = parse_with({"--props", "@" + (folder / "props.json").string()});
  REQUIRE(options.has_value());
  CHECK(options->props == R"({"title": "from a file"})");
}

TEST_CASE("render arguments: a byte order mark before the props is skipped", "[tool]") {
  const TempDir folder;
  std::ofstream(folder / "props.json") << "\xEF\xBB\xBF{}";
  CHECK(parse_with({"--props", "@" + (folder / "props.json").string()})->props == "{}");
}

TEST_CASE("render arguments: a props file without its @ is told from JSON", "[tool]") {
  const TempDir folder;
  std::ofstream(folder / "data") << "{}";
  for (const std::string& name : {std::string("missing.json"), (folder / "data").string()}) {
    const auto options = parse_with({"--props", name});
    REQUIRE_FALSE(options.has_value());
    CHECK(contains(options.error().detail, "write --props @" + name));
  }
}

TEST_CASE("render arguments: without a composition or an output it is no command", "[tool]") {
  CHECK_THROWS_AS(parse({"--frames", "0:9"}), CLI::ParseError);
  CHECK_THROWS_AS(parse({"scene"}), CLI::ParseError);
  CHECK_THROWS_AS(parse({"scene", "-o", "out.mp4", "--no-such-option"}), CLI::ParseError);
}
