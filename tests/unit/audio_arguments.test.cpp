#include "assemble/audio_arguments.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;

namespace {

std::string filter_of(const AudioTrack& track, int source_channels) {
  const auto arguments = decode_arguments(track, source_channels, 4800, "/tmp/o");
  return *(std::find(arguments.begin(), arguments.end(), "-af") + 1);
}

}  // namespace

TEST_CASE("audio arguments: a file may only open files, a URL only connections", "[audio]") {
  CHECK(audio_source({.source = "music.mp3"}).url == "file:music.mp3");
  CHECK(audio_source({.source = "music.mp3"}).protocols == "file");
  CHECK(audio_source({.source = "concat:a|b"}).url == "file:concat:a|b");
  CHECK(audio_source({.source = "https://host/a.mp3"}).url == "https://host/a.mp3");
  CHECK(audio_source({.source = "https://host/a.mp3"}).protocols.find("file") == std::string::npos);
}

TEST_CASE("audio arguments: tempo changes are chained within 0.5 ... 2", "[audio]") {
  CHECK(tempo_factors(1).empty());
  CHECK(tempo_factors(1.5) == std::vector<double>{1.5});
  CHECK(tempo_factors(2) == std::vector<double>{2});
  CHECK(tempo_factors(3) == std::vector<double>{2, 1.5});
  CHECK(tempo_factors(4) == std::vector<double>{2, 2});
  CHECK(tempo_factors(0.25) == std::vector<double>{0.5, 0.5});
}

TEST_CASE("audio arguments: cuts are counted in samples, before the tempo and after it", "[audio]") {
  CHECK(filter_of({.source = "a", .seek = 0.1, .playback_rate = 1.25}, 2) ==
        "aresample=48000:first_pts=0,aformat=sample_fmts=flt:channel_layouts=stereo,"
        "atrim=start_sample=4800,asetpts=N,atempo=1.25,atrim=end_sample=4800");
}

TEST_CASE("audio arguments: mono is copied to both sides", "[audio]") {
  CHECK(filter_of({.source = "a"}, 1).find("pan=stereo|c0=c0|c1=c0,") == 0);
  CHECK(filter_of({.source = "a"}, 6).find("pan") == std::string::npos);
}
