#include "encode/ffmpeg_progress.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

TEST_CASE("ffmpeg progress: the frame count is read from each block", "[encode]") {
  FfmpegProgress progress;
  CHECK(progress.feed("frame=12\nfps=0.00\nprogress=continue\n"));
  CHECK(progress.frames() == 12);
  CHECK(progress.feed("frame=   30\nprogress=end\n"));
  CHECK(progress.frames() == 30);
}

TEST_CASE("ffmpeg progress: bytes may arrive one at a time", "[encode]") {
  FfmpegProgress progress;
  for (const char byte : std::string("fps=1\nframe=4711\n")) progress.feed({&byte, 1});
  CHECK(progress.frames() == 4711);
}

TEST_CASE("ffmpeg progress: the count never goes back and ignores what is no number", "[encode]") {
  FfmpegProgress progress;
  progress.feed("frame=9\n");
  for (const char* text :
       {"frame=3\n", "frame=-1\n", "frame=\n", "frame=12x\n", "frame=99999999999999999999\n", "drop_frames=50\n"}) {
    CHECK_FALSE(progress.feed(text));
  }
  CHECK(progress.frames() == 9);
}

TEST_CASE("ffmpeg progress: a line without end does not grow", "[encode]") {
  FfmpegProgress progress;
  for (int i = 0; i < 1000; ++i) progress.feed(std::string(1000, 'x'));
  CHECK(progress.feed("\nframe=5\n"));
}
