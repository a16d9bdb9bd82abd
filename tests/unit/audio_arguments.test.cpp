#include "assemble/audio_arguments.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace std::chrono_literals;

namespace {

std::string filter_of(const AudioTrack& track, int source_channels) {
  const auto arguments = decode_arguments(track, source_channels, 4800, 30s, "/tmp/o");
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

TEST_CASE("audio arguments: a server is given up after a silence, a file has none", "[audio]") {
  const auto remote = decode_arguments({.source = "http://host/a.mp3"}, 2, 4800, 1500ms, "/tmp/o");
  const auto option = std::find(remote.begin(), remote.end(), "-rw_timeout");
  REQUIRE(option != remote.end());
  CHECK(*(option + 1) == "1500000");
  CHECK(option < std::find(remote.begin(), remote.end(), "-i"));
  const auto local = decode_arguments({.source = "a.mp3"}, 2, 4800, 1500ms, "/tmp/o");
  CHECK(std::find(local.begin(), local.end(), "-rw_timeout") == local.end());
}

TEST_CASE("audio arguments: ffmpeg's last words tell whether a server's answer broke off", "[audio]") {
  const AudioTrack track{.source = "http://host/a.wav"};
  CHECK(broken_off(track, "") == "");
  CHECK(broken_off(track, "[mp3 @ 0x1] Header missing\nError while decoding stream #0:0: Invalid data") == "");
  CHECK(broken_off(track, "[pcm_s16le @ 0x1] Invalid PCM packet\nhttp://host/a.wav: Connection timed out") ==
        "Connection timed out");
  CHECK(broken_off(track, "http://host/a.wav: Input/output error\n") == "Input/output error");
  CHECK(broken_off({.source = "a.wav"}, "file:a.wav: Input/output error") == "");
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
