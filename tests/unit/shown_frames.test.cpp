#include "serve/shown_frames.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

const std::string filter = "[Parsed_showinfo_0 @ 0x55c1] [info] ";
// As ffmpeg 5.1 writes it.
const std::string start =
    filter + "config in time_base: 1/12800, frame_rate: 25/1\n" + filter + "config out time_base: 0/0, frame_rate: 0/0\n";
const std::string first = filter +
                          "n:   0 pts: -12800 pts_time:-1      pos:     1169 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I \n" +
                          filter + "  side data - User Data Unregistered:\n" + filter +
                          "color_range:unknown color_space:unknown color_primaries:unknown color_trc:unknown\n";
const std::string second = filter + "n:   1 pts:  13312 pts_time:1.04    pos:     1234 fmt:yuv420p iskey:0 type:P \n";

void check_shown(ShownFrames& shown) {
  REQUIRE(shown.time_base() == Rational{1, 12800});
  const auto one = shown.next(), two = shown.next();
  REQUIRE((one && two));
  CHECK(one->time == -12800);
  CHECK(one->key);
  CHECK(two->time == 13312);
  CHECK_FALSE(two->key);
  CHECK_FALSE(shown.next());
}

std::string ffmpeg_complaint(const std::string& lines) {
  ShownFrames shown;
  shown.feed(lines);
  return shown.complaint();
}

}  // namespace

TEST_CASE("shown frames: times are read as integers, wherever the lines are cut", "[videos]") {
  const std::string lines = start + first + second;
  for (std::size_t cut = 0; cut <= lines.size(); ++cut) {
    ShownFrames shown;
    shown.feed(std::string_view(lines).substr(0, cut));
    shown.feed(std::string_view(lines).substr(cut));
    check_shown(shown);
  }
}

TEST_CASE("shown frames: a file's own text is no frame", "[videos]") {
  ShownFrames shown;
  shown.feed(start + "[info]     title           : x\n[info]                     : " + second + first + "[info] " + second +
             second + "[h264 @ 0x55] [info] n: 3 pts: 4 iskey:1\n" + std::string(100'000, 'x') + "\n");
  check_shown(shown);
}

TEST_CASE("shown frames: a frame without a time is told apart", "[videos]") {
  ShownFrames shown;
  shown.feed(start + filter + "n:   0 pts:NOPTS   pts_time:NOPTS   pos: 0 iskey:1 type:I \n");
  const auto frame = shown.next();
  REQUIRE(frame);
  CHECK_FALSE(frame->time);
}

TEST_CASE("shown frames: the complaint is what ended ffmpeg, else the first error", "[videos]") {
  CHECK(ffmpeg_complaint(start + "[mp4 @ 0x5] [warning] odd\n") == "");
  CHECK(ffmpeg_complaint("[mov,mp4 @ 0x5] [error] moov atom not found\n[error] file:x: Invalid data\n") == "moov atom not found");
  CHECK(ffmpeg_complaint("[error] first\n[fatal] file:x: corrupt decoded frame in stream 0\n[error] later\n") ==
        "file:x: corrupt decoded frame in stream 0");
  CHECK(ffmpeg_complaint("[info]   title : [error] not mine\n") == "");
}

TEST_CASE("shown frames: a Matroska file that is cut short is known by what the demuxer says", "[videos]") {
  ShownFrames shown;
  shown.feed("[matroska,webm @ 0x5] [error] File ended");
  CHECK_FALSE(shown.cut_short());
  shown.feed(" prematurely\n");
  CHECK(shown.cut_short());
}
