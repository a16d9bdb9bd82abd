#include "assemble/audio_arguments.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> arguments_of(const AudioTrack& track, int source_channels, std::chrono::milliseconds load_timeout) {
  return decode_arguments(track, audio_source(track, "/etc/ca.crt"), source_channels, 4800, load_timeout, "/tmp/o");
}

std::string filter_of(const AudioTrack& track, int source_channels) {
  const auto arguments = arguments_of(track, source_channels, 30s);
  return *(std::find(arguments.begin(), arguments.end(), "-af") + 1);
}

}  // namespace

TEST_CASE("audio arguments: a file may only open files, a URL only connections", "[audio]") {
  CHECK(audio_source({.source = "music.mp3"}, "").url == "file:music.mp3");
  CHECK(audio_source({.source = "music.mp3"}, "").protocols == "file");
  CHECK(audio_source({.source = "concat:a|b"}, "").url == "file:concat:a|b");
  CHECK(audio_source({.source = "https://host/a.mp3"}, "").url == "https://host/a.mp3");
  CHECK(audio_source({.source = "https://host/a.mp3"}, "").protocols.find("file") == std::string::npos);
}

TEST_CASE("audio arguments: the certificate of an https server is checked, http and files have none", "[audio]") {
  using Words = std::vector<std::string>;
  CHECK(audio_source({.source = "https://host/a.mp3"}, "").options == Words{"-tls_verify", "1"});
  CHECK(audio_source({.source = "https://host/a.mp3"}, "/ca").options == Words{"-tls_verify", "1", "-ca_file", "/ca"});
  CHECK(audio_source({.source = "http://host/a.mp3"}, "/ca").options.empty());
  CHECK(audio_source({.source = "https.mp3"}, "/ca").options.empty());
  const auto arguments = arguments_of({.source = "https://host/a.mp3"}, 2, 30s);
  CHECK(std::find(arguments.begin(), arguments.end(), "-tls_verify") < std::find(arguments.begin(), arguments.end(), "-i"));
}

TEST_CASE("audio arguments: a server is given up after a silence, a file has none", "[audio]") {
  const auto remote = arguments_of({.source = "http://host/a.mp3"}, 2, 1500ms);
  const auto option = std::find(remote.begin(), remote.end(), "-rw_timeout");
  REQUIRE(option != remote.end());
  CHECK(*(option + 1) == "1500000");
  CHECK(option < std::find(remote.begin(), remote.end(), "-i"));
  const auto local = arguments_of({.source = "a.mp3"}, 2, 1500ms);
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
