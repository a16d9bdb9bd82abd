#include "encode/encoder_arguments.hpp"

#include "encode/encoder.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

std::string line(EncoderJob job) {
  job.video = with_defaults(std::move(job.video));
  std::string text;
  for (const std::string& argument : encoder_arguments(job)) text += argument + " ";
  return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("encoder arguments: raw frames arrive as planar YUV, already converted", "[encode]") {
  const std::string text = line({.video = {.width = 640, .height = 360, .fps = {60'000, 2002}}, .output = "/tmp/a.mp4"});
  CHECK(contains(text, "-framerate 30000/1001 -f rawvideo -pixel_format yuv420p -video_size 640x360 -i pipe:0 "));
  CHECK(contains(text, " -r 30000/1001 -video_track_timescale 30000 "));  // the output's own rate, not one that ffmpeg guesses
  CHECK(contains(text, "-f mp4 -y file:/tmp/a.mp4 "));
  CHECK_FALSE(contains(text, "-vf"));
  CHECK_FALSE(contains(text, "-nostdin"));
}

TEST_CASE("encoder arguments: rgb24 takes the capture's pixels as they are", "[encode]") {
  CHECK(contains(line({.video = {.pixel_format = "rgb24"}}), "-pixel_format bgr0"));
}

TEST_CASE("encoder arguments: PNG frames are converted by ffmpeg", "[encode]") {
  const std::string yuv = line({.layout = FrameLayout::png});
  CHECK(contains(yuv, "-f image2pipe -c:v png -i pipe:0"));
  CHECK(contains(yuv, "out_color_matrix=bt709:out_range=tv"));
  const std::string rgb = line({.video = {.pixel_format = "rgb24"}, .layout = FrameLayout::png});
  CHECK(contains(rgb, "-pix_fmt rgb24"));
  CHECK_FALSE(contains(rgb, "-vf"));
}

TEST_CASE("encoder arguments: input is read from the pipe only, and output is never taken for a URL", "[encode]") {
  const std::string text = line({.output = "http:x.mp4"});
  CHECK(contains(text, "-protocol_whitelist pipe"));
  CHECK(contains(text, " file:http:x.mp4 "));
}

TEST_CASE("encoder error: a missing encoder is not a failed one", "[encode]") {
  const EncoderJob job{.output = "/tmp/chunk.mp4"};
  CHECK(encoder_error("exit status 1", "Unknown encoder 'libx264'", job).code == Errc::encoder_unavailable);
  const Error error = encoder_error("signal 9 (Killed)", "out of luck", job);
  CHECK(error.code == Errc::encoder_failed);
  CHECK(error.stage == Stage::encode);
  CHECK(error.detail == "ffmpeg ended with signal 9 (Killed) while writing /tmp/chunk.mp4");
  CHECK(error.output_tail == "out of luck");
}
