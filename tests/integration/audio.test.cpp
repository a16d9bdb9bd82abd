// Sound through the command line: where it lies, how loud it is. The samples before the encoder, and that they are the same
// for any number of chunks, are tests/component/audio.test.cpp's: no option of the command line shows them.
#include "support/failure.hpp"
#include "support/film.hpp"
#include "support/http_server.hpp"
#include "support/run_tool.hpp"
#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace orchestrator::test;

namespace {

constexpr std::size_t second = sound_rate;
constexpr int still_fps = 10;

/// Renders two seconds of a page that stands still (or another range), ten frames a second, and decodes the sound.
std::vector<float> render_sound(Sandbox& sandbox, const Arguments& tracks, const std::string& frames = "0:20", int chunks = 1) {
  Arguments more{"--fps", std::to_string(still_fps), "--chunks", std::to_string(chunks), "--preset", "ultrafast"};
  for (const std::string& track : tracks) more.insert(more.end(), {"--audio", track});
  const ToolEnd end = sandbox.render(page("static.html"), frames, more);
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(sandbox.remains() == "");
  return decode_left_channel(sandbox.film());
}

/// AAC at 192 kbit/s: within two samples, half a decibel, and much quieter noise than sound.
void check_sound(const std::vector<float>& got, const std::vector<float>& expected) {
  const SoundMatch match = match_sound(got, expected);
  CHECK(std::abs(match.shift) <= 2);
  CHECK(std::abs(match.gain_db) < 0.5);
  CHECK(match.noise_db < -15);
  CHECK(got.size() >= expected.size());
  CHECK(got.size() < expected.size() + 2048);  // AAC has frames of 1024 samples
}

std::vector<float> part(const std::vector<float>& sound, std::size_t first, std::size_t last) {
  return {sound.begin() + static_cast<std::ptrdiff_t>(first), sound.begin() + static_cast<std::ptrdiff_t>(last)};
}

double energy(const std::vector<float>& sound, double from_s, double to_s) {
  double sum = 0;
  for (std::size_t i = static_cast<std::size_t>(from_s * second); i < static_cast<std::size_t>(to_s * second); ++i) {
    sum += static_cast<double>(sound.at(i)) * sound.at(i);
  }
  return sum;
}

}  // namespace

TEST_CASE("audio: a click at 0.5 s is heard at sample 24000", "[audio]") {
  Sandbox sandbox;
  std::vector<float> click(second, 0.0F);
  for (std::size_t i = 0; i < 32; ++i) click[second / 2 + i] = i % 8 < 4 ? 0.8F : -0.8F;
  const auto got = render_sound(sandbox, {sandbox.file("click.wav", wav_file(click))});
  std::vector<float> expected(2 * second);
  add_sound(expected, click, 0);
  CHECK(std::abs(match_sound(got, expected).shift) <= 1);
}

TEST_CASE("audio: offset, volume, seek and duration place a track", "[audio]") {
  Sandbox sandbox;
  const auto sound = make_sound(2 * second, 1);
  const std::string file = sandbox.file("sound.wav", wav_file(sound));
  std::vector<float> expected(2 * second);
  SECTION("as it is") {
    add_sound(expected, sound, 0);
    check_sound(render_sound(sandbox, {file}), expected);
  }
  SECTION("offset and volume") {
    add_sound(expected, sound, second / 4, 0.5);
    check_sound(render_sound(sandbox, {file + ",offset=0.25,volume=0.5"}), expected);
  }
  SECTION("a negative offset starts within the track") {
    add_sound(expected, sound, -static_cast<std::int64_t>(second) / 2);
    check_sound(render_sound(sandbox, {file + ",offset=-0.5"}), expected);
  }
  SECTION("seek and duration") {
    add_sound(expected, part(sound, second / 2, 3 * second / 2), second / 2);
    check_sound(render_sound(sandbox, {file + ",offset=0.5,seek=0.5,duration=1"}), expected);
  }
  SECTION("two tracks add up without getting softer") {
    const auto other = make_sound(second, 2);
    add_sound(expected, sound, 0);
    add_sound(expected, other, second);
    check_sound(render_sound(sandbox, {file, sandbox.file("other.wav", wav_file(other)) + ",offset=1"}), expected);
  }
}

TEST_CASE("audio: a loop repeats the part from seek to the end, and fades shape it as a whole", "[audio]") {
  Sandbox sandbox;
  const auto sound = make_sound(second, 3);
  const std::string file = sandbox.file("sound.wav", wav_file(sound));
  const auto repeated = part(sound, second / 2, second);
  std::vector<float> expected(2 * second);
  for (std::size_t i = 0; i < 4; ++i) add_sound(expected, repeated, static_cast<std::int64_t>(i * second / 2));
  for (std::size_t i = 0; i < 2 * second; ++i) {
    const double to_end = static_cast<double>(2 * second - i);
    expected[i] *= static_cast<float>(std::min({1.0, static_cast<double>(i) / second, to_end / (0.5 * second)}));
  }
  check_sound(render_sound(sandbox, {file + ",seek=0.5,loop=1,duration=2,fade-in=1,fade-out=0.5"}), expected);
}

TEST_CASE("audio: twice the rate takes half the time", "[audio]") {
  Sandbox sandbox;
  const auto got = render_sound(sandbox, {sandbox.file("sound.wav", wav_file(make_sound(second, 1))) + ",rate=2"});
  CHECK(energy(got, 0, 0.5) > 100 * energy(got, 0.55, 1.9));
  CHECK(energy(got, 0.4, 0.48) > 1);
}

TEST_CASE("audio: a range that starts at frame 10 starts a second into the sound, in one chunk and in ten", "[audio]") {
  Sandbox sandbox;
  const int chunks = GENERATE(1, 10);
  const auto sound = make_sound(2 * second, 4);
  std::vector<float> expected(second);
  add_sound(expected, sound, -static_cast<std::int64_t>(second));
  check_sound(render_sound(sandbox, {sandbox.file("sound.wav", wav_file(sound))}, "10:20", chunks), expected);
}

TEST_CASE("audio: a track can come from a URL", "[audio]") {
  Sandbox sandbox;
  const auto sound = make_sound(second, 5);
  const HttpServer server({{"/sound.wav", {.type = "audio/wav", .body = wav_file(sound)}}});
  std::vector<float> expected(2 * second);
  add_sound(expected, sound, 0);
  check_sound(render_sound(sandbox, {server.url("/sound.wav")}), expected);
}

TEST_CASE("audio: without a track there is no audio stream, unless a silent one is asked for", "[audio]") {
  Sandbox sandbox;
  CHECK(sandbox.render(page("static.html"), "0:4").status.code == 0);
  CHECK(probe(sandbox.film(), "a", "stream=codec_name").empty());
  CHECK(sandbox.render(page("static.html"), "0:15", {"--silent-audio", "--overwrite"}).status.code == 0);
  CHECK(probe(sandbox.film(), "a", "stream=codec_name") == std::vector<std::string>{"aac"});
  const auto silence = decode_left_channel(sandbox.film());
  CHECK(silence.size() >= second / 2);
  CHECK(silence == std::vector<float>(silence.size(), 0.0F));
}

TEST_CASE("audio: a track that will not be heard is warned of, and the film is made", "[audio]") {
  Sandbox sandbox;
  const std::string file = sandbox.file("my, sound.wav", wav_file(make_sound(second, 6)));
  const auto [settings, reason] = GENERATE(table<std::string, std::string>(
      {{", offset=5", "5.00 s (offset), the render ends at 2.00 s"}, {",seek=3", "(seek), which is 1.00 s long"}}));
  const ToolEnd end = sandbox.render(page("static.html"), "0:20", {"--fps", "10", "--audio", file + settings, "--overwrite"});
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK_THAT(end.errors, Catch::Contains("warning: audio track " + file) && Catch::Contains(reason));
}

TEST_CASE("audio: a track that cannot be read is named", "[audio]") {
  Sandbox sandbox;
  const std::string film = sandbox.folder() / "silent.mp4";
  run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=1", "file:" + film});
  const HttpServer server({});
  const Arguments sources{sandbox.file("notes.txt", "not a sound"), "/no/such/sound.wav", film, server.url("/gone.wav")};
  const std::string source = sources.at(GENERATE(range(0U, 4U)));
  check_render_fails(sandbox, page("static.html"), "0:4", {"--audio", source},
                     {.code = "audio_failed", .stage = "audio", .names = {source}});
}
