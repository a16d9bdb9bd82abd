#include "media/codecs.hpp"
#include "media/validate_video.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;

namespace {

std::string wrong(const VideoOptions& video) {
  const auto result = validate_video(with_defaults(video));
  if (result) return {};
  CHECK(result.error().code == Errc::invalid_options);
  return result.error().detail;
}

bool has_pair(const std::vector<std::string>& arguments, const std::string& name, const std::string& value) {
  const auto found = std::find(arguments.begin(), arguments.end(), name);
  return found != arguments.end() && found + 1 != arguments.end() && *(found + 1) == value;
}

}  // namespace

TEST_CASE("codecs: the default video options are valid once size and rate are known", "[encode]") {
  CHECK(wrong({}) == "");
  CHECK(validate_video({}).error().detail == "video.width is 0, must be 1 ... 16384");
}

TEST_CASE("codecs: an error names the field and the choices", "[encode]") {
  CHECK(wrong({.codec = "vp9"}) == "video.codec is \"vp9\", must be one of h264");
  CHECK(wrong({.pixel_format = "nv12"}) == "video.pixel_format is \"nv12\", must be one of yuv420p yuv422p yuv444p rgb24");
  CHECK(wrong({.preset = "quick"}).find("video.preset is \"quick\", must be one of ultrafast superfast") == 0);
  CHECK(wrong({.crf = 52}) == "video.crf must be 0 ... 51");
  CHECK(wrong({.crf = -1}) == "video.crf must be 0 ... 51");
  CHECK(wrong({.width = -1}) == "video.width is -1, must be 1 ... 16384");
  CHECK(wrong({.height = 16'386}) == "video.height is 16386, must be 1 ... 16384");
}

TEST_CASE("codecs: sizes must divide by the chroma subsampling", "[encode]") {
  CHECK(wrong({.width = 641}).find("video.width is 641, must be even with yuv420p") == 0);
  CHECK(wrong({.height = 361}).find("video.height is 361, must be even with yuv420p") == 0);
  CHECK(wrong({.height = 361, .pixel_format = "yuv422p"}) == "");
  CHECK(wrong({.width = 641, .pixel_format = "yuv422p"}).find("video.width") == 0);
  CHECK(wrong({.width = 641, .height = 361, .pixel_format = "yuv444p"}) == "");
  CHECK(wrong({.width = 641, .height = 361, .pixel_format = "rgb24"}) == "");
}

TEST_CASE("codecs: a frame rate is positive, at most 1000, in terms ffmpeg keeps", "[encode]") {
  CHECK(wrong({.fps = {30'000, 1001}}) == "");
  CHECK(wrong({.fps = {1, 10}}) == "");
  CHECK(wrong({.fps = {3'000'000, 100'000}}) == "");
  CHECK(wrong({.fps = {30, 0}}).find("video.fps") == 0);
  CHECK(wrong({.fps = {-30, -1}}).find("video.fps") == 0);
  CHECK(wrong({.fps = {1001, 1}}) == "video.fps must be at most 1000");
  CHECK(wrong({.fps = {2'000'003, 1'000'000}}).find("1000000") != std::string::npos);
  CHECK(wrong({.fps = {1, 100'000}}) == "");
  CHECK(wrong({.fps = {7, 699'999}}) == "");
  CHECK(wrong({.fps = {1, 1'000'000}}) == "");
}

TEST_CASE("codecs: libx264 is another name of h264, rgb24 has its own encoder", "[encode]") {
  CHECK(find_codec("libx264") == find_codec("h264"));
  CHECK(has_pair(codec_arguments({}), "-c:v", "libx264"));
  CHECK(has_pair(codec_arguments({.codec = "libx264", .pixel_format = "rgb24"}), "-c:v", "libx264rgb"));
}

TEST_CASE("codecs: the arguments carry quality and colour, and are the same for every chunk", "[encode]") {
  const auto arguments = codec_arguments({.preset = "slow", .crf = 0});
  CHECK(has_pair(arguments, "-preset", "slow"));
  CHECK(has_pair(arguments, "-crf", "0"));
  CHECK(has_pair(arguments, "-colorspace", "bt709"));
  CHECK(has_pair(arguments, "-color_range", "tv"));
  CHECK(has_pair(codec_arguments({.pixel_format = "rgb24"}), "-colorspace", "rgb"));
}

TEST_CASE("codecs: one frame is a whole number of ticks of at least 10,000 a second", "[encode]") {
  struct Row {
    Rational fps;
    std::int64_t timescale;
    std::int64_t ticks;
  };
  const Row row =
      GENERATE(Row{{24, 1}, 12'288, 512}, Row{{25, 1}, 12'800, 512}, Row{{30, 1}, 15'360, 512}, Row{{60, 1}, 15'360, 256},
               Row{{24'000, 1001}, 24'000, 1001}, Row{{30'000, 1001}, 30'000, 1001}, Row{{60'000, 1001}, 60'000, 1001},
               Row{{1, 10}, 16'384, 163'840}, Row{{999, 100}, 15'984, 1600}, Row{{1, 900}, 16'384, 14'745'600});
  CHECK(track_timescale(row.fps) == row.timescale);
  CHECK(frame_ticks(row.fps) == row.ticks);
  CHECK(row.ticks * row.fps.num == row.timescale * row.fps.den);
}

TEST_CASE("codecs: a frame of hours has coarser ticks, so that ffmpeg takes the distance between decoding and showing",
          "[encode]") {
  for (const Rational fps : {Rational{1, 1000}, Rational{1, 100'000}, Rational{1, 1'000'000}, Rational{7, 699'999}}) {
    CAPTURE(fps.num, fps.den);
    CHECK(frame_ticks(fps) * 18 <= std::int64_t{1} << 28);
    CHECK(frame_ticks(fps) * fps.num == track_timescale(fps) * fps.den);
  }
}

TEST_CASE("codecs: rates are compared in lowest terms", "[encode]") {
  CHECK(reduced({60'000, 2000}) == Rational{30, 1});
  CHECK(reduced({30'000, 1001}) == Rational{30'000, 1001});
}
