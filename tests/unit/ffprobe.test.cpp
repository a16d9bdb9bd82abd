#include "media/ffprobe.hpp"

#include "assemble/verify_chunk.hpp"
#include "media/run_ffmpeg.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

const ProbedStream good{.type = "video",
                        .codec = "h264",
                        .width = 1920,
                        .height = 1080,
                        .pixel_format = "yuv420p",
                        .frame_rate = {30, 1},
                        .codec_setup = "sha256:aa",
                        .packets = 90};

std::string wrong(ProbedStream stream, std::int64_t frames = 90) {
  const auto checked = check_chunk({std::move(stream)}, "/w/chunk-3.mp4", frames, with_defaults({}));
  if (checked) return {};
  CHECK(checked.error().code == Errc::chunk_invalid);
  CHECK(checked.error().stage == Stage::verify);
  return checked.error().detail;
}

}  // namespace

TEST_CASE("ffprobe: streams are read from its JSON", "[assemble]") {
  const auto streams = parse_ffprobe(R"({"streams": [
    {"codec_type": "video", "codec_name": "h264", "width": 64, "height": 32, "pix_fmt": "yuv420p", "r_frame_rate": "30000/1001",
     "extradata_hash": "SHA256:11", "nb_read_packets": "120"},
    {"codec_type": "audio", "codec_name": "aac", "channels": 2, "duration": "2.500000", "r_frame_rate": "0/0"}]})");
  REQUIRE(streams.has_value());
  REQUIRE(streams->size() == 2);
  CHECK((*streams)[0].frame_rate == Rational{30'000, 1001});
  CHECK((*streams)[0].packets == 120);
  CHECK((*streams)[0].codec_setup == "SHA256:11");
  CHECK((*streams)[1].type == "audio");
  CHECK((*streams)[1].channels == 2);
  CHECK((*streams)[1].duration_s == 2.5);
  CHECK_FALSE((*streams)[0].duration_s.has_value());
}

TEST_CASE("ffprobe: what is not its JSON is refused with a reason", "[assemble]") {
  for (const char* text : {"", "[]", "{\"streams\": [{\"width\": \"x\"}]}", "{\"streams\": [{\"r_frame_rate\": \"fast\"}]}",
                           "{\"streams\": [{\"nb_read_packets\": \"many\"}]}", "{\"streams\": [1]}"}) {
    const auto streams = parse_ffprobe(text);
    INFO(text);
    REQUIRE_FALSE(streams.has_value());
    CHECK_FALSE(streams.error().detail.empty());
  }
  CHECK(parse_ffprobe("{}")->empty());
}

TEST_CASE("verify: a chunk as asked for passes, any difference is named", "[assemble]") {
  CHECK(wrong(good) == "");
  CHECK(wrong(good, 91) == "chunk file /w/chunk-3.mp4 has 90 frames, expected 91");
  ProbedStream other = good;
  other.width = 1280;
  CHECK(wrong(other) ==
        "chunk file /w/chunk-3.mp4 is h264 1280x1080 yuv420p at 30/1 fps, "
        "expected h264 1920x1080 yuv420p at 30/1 fps");
  other = good;
  other.frame_rate = {25, 1};
  CHECK(wrong(other).find("at 25/1 fps, expected") != std::string::npos);
  CHECK_FALSE(check_chunk({}, "c", 1, {}).has_value());
  CHECK_FALSE(check_chunk({good, good}, "c", 90, {}).has_value());
}

TEST_CASE("verify: chunks of different encoders are not joined", "[assemble]") {
  ProbedStream other = good;
  CHECK(check_same_setup(good, other, "c").has_value());
  other.codec_setup = "sha256:bb";
  const auto checked = check_same_setup(good, other, "/w/c.mp4");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().code == Errc::chunk_invalid);
  CHECK(checked.error().detail.find("/w/c.mp4") != std::string::npos);
}

TEST_CASE("ffmpeg reason: the first line, without the component's address", "[assemble]") {
  CHECK(ffmpeg_reason("[mov @ 0x55d] moov atom not found\nfile:x: Invalid data\n") == "moov atom not found");
  CHECK(ffmpeg_reason("file:x: No such file or directory") == "file:x: No such file or directory");
  CHECK(ffmpeg_reason("") == "");
}
