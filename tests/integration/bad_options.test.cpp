// What wrong options get: exit status 2 and the name of what is wrong.
#include "support/failure.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator::test;

namespace {

struct WrongOption {
  Arguments arguments;
  std::string name;
};

}  // namespace

TEST_CASE("bad options: every wrong value is named, and the existing film stays", "[bad_options]") {
  Sandbox sandbox;
  const auto wrong = GENERATE(values<WrongOption>({
      {{"--width", "161"}, "--width"},
      {{"--height", "91"}, "--height"},
      {{"--width", "0"}, "--width"},
      {{"--height", "-2"}, "--height"},
      {{"--width", "100000"}, "--width"},
      {{"--fps", "0"}, "--fps"},
      {{"--fps", "-30"}, "--fps"},
      {{"--fps", "30/0"}, "--fps"},
      {{"--fps", "fast"}, "--fps"},
      {{"--codec", "mjpeg2"}, "--codec"},
      {{"--preset", "quick"}, "--preset"},
      {{"--crf", "52"}, "--crf"},
      {{"--pixel-format", "bgr5"}, "--pixel-format"},
      {{"--duration", "2"}, "--duration and --frames"},
      {{"--chunks", "2", "--chunk-frames", "2"}, "--chunks and --chunk-frames"},
      {{"--chunks", "-1"}, "--chunks"},
      {{"--workers", "-1"}, "--workers"},
      {{"--capture", "camera"}, "--capture"},
      {{"--load-timeout", "0"}, "--load-timeout"},
      {{"--frame-timeout", "-1"}, "--frame-timeout"},
      {{"--timeout", "nan"}, "--timeout"},
      {{"--props", "{broken"}, "--props"},
      {{"--props", "[1]"}, "--props"},
      {{"--props", "@/no/such/props.json"}, "/no/such/props.json"},
      {{"--audio", "a.wav,volume=loud"}, "volume"},
      {{"--audio", "a.wav,volume=-1"}, "--audio, track 1: volume"},
      {{"--audio", "a.wav,duration=0"}, "duration is 0"},
      {{"--audio", "a.wav,pitch=2"}, "pitch"},
      {{"--audio", "a.wav,rate=9"}, "rate"},
      {{"--audio-bitrate", "1"}, "--audio-bitrate"},
      {{"--chunks", "50"}, "more than the 4 frames"},
      {{"--props", "data.json"}, "--props @data.json"},
      {{"--progress", "loud"}, "--progress"},
  }));
  INFO(wrong.arguments[0] << " " << wrong.arguments[1]);
  check_render_fails(sandbox, page("static.html"), "0:4", wrong.arguments,
                     {.code = "invalid_options", .stage = "plan", .names = {wrong.name}, .exit_status = 2});
}

TEST_CASE("bad options: empty, negative and malformed ranges are named", "[bad_options]") {
  Sandbox sandbox;
  const auto range = GENERATE("5:5", "9:3", "-3:3", "0", "a:b", "0:1:2", "0:9999999999999999999");
  check_render_fails(sandbox, page("static.html"), range, {},
                     {.code = "invalid_options", .stage = "plan", .names = {"--frames", range}, .exit_status = 2});
}

TEST_CASE("bad options: durations of nothing and no range at all are named", "[bad_options]") {
  Sandbox sandbox;
  const auto more = GENERATE(values<Arguments>({{}, {"--duration", "0"}, {"--duration", "-1"}, {"--duration", "0.001"}}));
  check_render_fails(sandbox, page("static.html"), "", more,
                     {.code = "invalid_options", .stage = "plan", .names = {"duration"}, .exit_status = 2});
}

TEST_CASE("bad options: unknown options, missing ones and unknown commands exit with 2", "[bad_options]") {
  Sandbox sandbox;
  const auto wrong = GENERATE(values<WrongOption>({
      {{"render", "page.html", "-o", "film.mp4", "--json", "--colour", "red"}, "--colour"},
      {{"render", "page.html", "-o", "film.mp4", "--json", "--widht=100"}, "there is no option --widht; did you mean --width?"},
      {{"render", "page.html", "--json", "--outptu", "film.mp4"}, "did you mean --output?"},
      {{"rendr", "--json"}, "there is no subcommand rendr; did you mean render?"},
      {{"render", "page.html", "--json"}, "--output"},
      {{"render", "--json", "-o", "film.mp4"}, "composition"},
      {{"render", "page.html", "-o", "film.mp4", "--json", "--width", "wide"}, "--width"},
      {{"paint", "--json"}, "subcommand"},
      {{"--json"}, "subcommand"},
      {{"--versio", "--json"}, "did you mean --version?"},
  }));
  const ToolEnd end = sandbox.run(wrong.arguments);
  check_failure(sandbox, end, {.code = "invalid_options", .stage = "plan", .names = {wrong.name}, .exit_status = 2});
}

TEST_CASE("bad options: an output that is not an .mp4 is named", "[bad_options]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run({"render", page("static.html"), "--frames", "0:2", "--json", "-o", "film.avi"});
  check_failure(sandbox, end, {.code = "invalid_options", .stage = "plan", .names = {"film.avi"}, .exit_status = 2});
}

TEST_CASE("bad options: an output that is a folder wants a file name", "[bad_options]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run({"render", page("static.html"), "--frames", "0:2", "--json", "-o", "films/"});
  check_failure(sandbox, end, {.code = "invalid_options", .stage = "plan", .names = {"films/film.mp4"}, .exit_status = 2});
}
