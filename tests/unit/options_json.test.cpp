#include "values/options_json.hpp"
#include "support/contains.hpp"

#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

template <class T>
std::optional<std::string> read(std::string_view json, T& value) {
  return read_json(json, "it", [&](JsonReader reader) { read_fields(std::move(reader), value); });
}

template <class T>
std::string text_of(const T& value) {
  return boost::json::serialize(json_of(value));
}

}  // namespace

TEST_CASE("options as JSON: times carry their unit in the name", "[json]") {
  using namespace std::chrono_literals;
  CHECK(text_of(TimeoutOptions{.load = 1s, .frame = 2s, .total = 0s}) == R"({"load_ms":1000,"frame_ms":2000,"total_ms":0})");
}

TEST_CASE("options as JSON: a track without a duration has none when read back", "[json]") {
  AudioTrack track{.duration = 1};
  CHECK_FALSE(contains(text_of(AudioTrack{}), "duration"));
  AudioTrack again;
  CHECK_FALSE(read(text_of(AudioTrack{.source = "a"}), again).has_value());
  CHECK_FALSE(again.duration.has_value());
  CHECK_FALSE(read(text_of(track), again).has_value());
  CHECK(again.duration == 1.0);
}

TEST_CASE("options as JSON: absent fields and null leave the defaults", "[json]") {
  VideoOptions video;
  CHECK_FALSE(read(R"({"width": 640, "height": null})", video).has_value());
  CHECK(video.width == 640);
  CHECK(video.height == VideoOptions{}.height);
  CHECK(video.crf == 18);
}

TEST_CASE("options as JSON: the first thing that is wrong is named with its path", "[json]") {
  RenderOptions options;
  CHECK(read(R"({"composition": "c", "video": {"fps": {"num": 1.5}}})", options) == "it.video.fps.num is not an integer");
  CHECK(read(R"({"composition": "c", "audio": {"tracks": [{}, {"loop": 1}]}})", options) ==
        "it.audio.tracks[1].loop is not true or false");
  CHECK(read(R"({"composition": "c", "audio": {"tracks": [{"volume": "loud"}]}})", options) ==
        "it.audio.tracks[0].volume is not a number");
  CHECK(read(R"({"composition": "c", "chunking": {"chunks": 4294967296}})", options) == "it.chunking.chunks is out of range");
  CHECK(read("{}", options) == "it.composition is missing");
}
