#include "orchestrator/audio_argument.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::tool;

namespace {

Result<AudioTrack> parse(std::string_view text, const std::string& file = {}) {
  return parse_audio_track(text, [&](const std::string& name) { return name == file; });
}

}  // namespace

TEST_CASE("audio argument: a file and its settings, in any order", "[tool]") {
  const auto track = parse("a.ogg,rate=2,loop=1,fade-out=0.5,fade-in=0.25,duration=3,seek=1,offset=-2,volume=0.5");
  REQUIRE(track.has_value());
  CHECK(track->source == "a.ogg");
  CHECK(track->volume == 0.5);
  CHECK(track->offset == -2);
  CHECK(track->seek == 1);
  CHECK(track->duration == 3.0);
  CHECK(track->fade_in == 0.25);
  CHECK(track->fade_out == 0.5);
  CHECK(track->loop);
  CHECK(track->playback_rate == 2);
}

TEST_CASE("audio argument: without settings the defaults hold", "[tool]") {
  const auto track = parse("music.ogg");
  REQUIRE(track.has_value());
  CHECK(track->volume == 1);
  CHECK_FALSE(track->duration.has_value());
  CHECK_FALSE(track->loop);
}

TEST_CASE("audio argument: names may hold commas and equal signs", "[tool]") {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"Adagio, G minor.ogg,volume=0.5", "Adagio, G minor.ogg"},
      {"a,b,c.ogg", "a,b,c.ogg"},
      {"https://example.com/a?x=1,Y=2", "https://example.com/a?x=1,Y=2"},
      {"take,2=final.ogg,seek=1", "take,2=final.ogg"},
      {"volume=1", "volume=1"},
      {"my, song.ogg,volume=0.5", "my, song.ogg"},
      {"my, song.ogg, volume=0.5 ,  offset=1", "my, song.ogg"},
  };
  for (const auto& [text, source] : rows) {
    const auto track = parse(text);
    CAPTURE(text);
    REQUIRE(track.has_value());
    CHECK(track->source == source);
  }
}

TEST_CASE("audio argument: a file that is there may end like a setting", "[tool]") {
  const auto unknown = parse("song,name=x,volume=0.5", "song,name=x");
  REQUIRE(unknown.has_value());
  CHECK(unknown->source == "song,name=x");
  CHECK(unknown->volume == 0.5);
  const auto known = parse("song,volume=0.5", "song,volume=0.5");
  REQUIRE(known.has_value());
  CHECK(known->source == "song,volume=0.5");
  CHECK(known->volume == 1);
}

TEST_CASE("audio argument: an unknown setting or a bad value is named", "[tool]") {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"a.ogg,fade_in=1", "'fade_in' (known: volume, offset,"},
      {"a.ogg,volumen=1", "'volumen' (known: volume, offset,"},
      {"a.ogg, take=2,volume=1", "no file 'a.ogg, take=2'"},
      {"a.ogg,volume=loud", "volume is a number, not 'loud'"},
      {"a.ogg,volume=", "volume"},
      {"a.ogg,volume=nan", "volume"},
      {"a.ogg,loop=yes", "loop is 0 or 1"},
      {"a.ogg,fade-in=1s", "fade-in"},
      {"a.ogg,duration=x,volume=1", "duration"},
      {"", "no file"},
      {",volume=1", "no file"},
  };
  for (const auto& [text, named] : rows) {
    const auto track = parse(text);
    CAPTURE(text);
    REQUIRE_FALSE(track.has_value());
    CHECK(track.error().code == Errc::invalid_options);
    CHECK(contains(track.error().detail, named));
    CHECK(contains(track.error().detail, "--audio '" + std::string(text) + "'"));
  }
}

TEST_CASE("audio argument: the login of a URL is in no message", "[tool]") {
  const auto unknown = parse("http://bob:s3cret@h/x.ogg,vol=3");
  REQUIRE(unknown.has_error());
  CHECK(contains(unknown.error().detail, "--audio 'http://h/x.ogg,vol=3'"));
  CHECK_FALSE(contains(unknown.error().detail, "s3cret"));
  const auto track = parse("http://bob:s3,rate=cret@h/x.ogg,rate=2");
  REQUIRE(track.has_value());
  CHECK(track->source == "http://bob:s3,rate=cret@h/x.ogg");
}
