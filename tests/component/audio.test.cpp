#include "assemble/audio_placement.hpp"
#include "assemble/join.hpp"
#include "assemble/make_audio.hpp"
#include "support/cancel.hpp"
#include "support/containers.hpp"
#include "support/run_tool.hpp"
#include "support/temp_dir.hpp"
#include "support/video_chunks.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr Rational film_rate{30, 1};
constexpr std::chrono::seconds sound_timeout{30};

std::string lavfi(const TempDir& folder, const std::string& name, const std::string& graph,
                  const std::string& codec = "pcm_f32le") {
  const std::string file = (folder / name).string();
  run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", graph, "-c:a", codec, "-y", "file:" + file});
  return file;
}

/// Samples of the left side, the right one in `right`.
std::vector<float> to_floats(const std::string& bytes, std::vector<float>* right = nullptr) {
  std::vector<float> left;
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    float pair[2];
    std::memcpy(pair, bytes.data() + i, sizeof pair);
    left.push_back(pair[0]);
    if (right != nullptr) right->push_back(pair[1]);
  }
  return left;
}

std::string mixed_bytes(const AudioOptions& audio, FrameRange frames, const TempDir& folder, Rational rate = film_rate) {
  const auto result = await(mix_audio(audio, frames, rate, sound_timeout, folder.path(), folder / "mix"));
  INFO((result ? "" : result.error().message()));
  REQUIRE(result.has_value());
  std::ifstream file(folder / "mix", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<float> mixed(const AudioOptions& audio, FrameRange frames, const TempDir& folder,
                         std::vector<float>* right = nullptr) {
  return to_floats(mixed_bytes(audio, frames, folder), right);
}

std::size_t loudest(const std::vector<float>& samples) {
  const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
  return static_cast<std::size_t>(std::max_element(samples.begin(), samples.end(), louder) - samples.begin());
}

/// n-th sample = n / 2^20, exactly.
const char* const ramp = "aevalsrc=n/1048576:s=48000:d=4:c=mono";

}  // namespace

TEST_CASE("audio: sample n of the source lands on its sample of the timeline", "[audio][ffmpeg]") {
  const TempDir folder;
  const std::string source = lavfi(folder, "ramp.wav", ramp);
  const auto sound = mixed({.tracks = {{.source = source, .offset = 0.5, .seek = 0.25}}}, {0, 60}, folder);
  REQUIRE(sound.size() == 96'000);
  CHECK(sound[23'999] == 0);
  for (const std::size_t i : {24'000U, 24'001U, 50'000U, 95'999U})
    CHECK(sound[i] == static_cast<float>(i - 24'000 + 12'000) / 1048576);
}

TEST_CASE("audio: mono sounds at full level on both sides", "[audio][ffmpeg]") {
  const TempDir folder;
  std::vector<float> right;
  const auto left =
      mixed({.tracks = {{.source = lavfi(folder, "mono.wav", "aevalsrc=0.5:s=48000:d=1:c=mono")}}}, {0, 30}, folder, &right);
  CHECK(left[1000] == 0.5F);
  CHECK(right[1000] == 0.5F);
}

TEST_CASE("audio: tracks of one render are summed without attenuation", "[audio][ffmpeg]") {
  const TempDir folder;
  const std::string source = lavfi(folder, "dc.wav", "aevalsrc=0.25|-0.25:s=48000:d=1");
  std::vector<float> right;
  const auto left = mixed({.tracks = {{.source = source}, {.source = source, .volume = 3}}}, {0, 30}, folder, &right);
  CHECK(left[100] == 1.0F);
  CHECK(right[100] == -1.0F);
}

TEST_CASE("audio: parts of a render are the whole render's samples, to the bit", "[audio][ffmpeg]") {
  const TempDir folder;
  const Rational rate{30'000, 1001};
  const std::string source = lavfi(folder, "noise.flac", "anoisesrc=d=3:r=44100:seed=7", "flac");
  const AudioOptions audio{
      .tracks = {{.source = source, .offset = -0.3, .seek = 0.2, .fade_in = 1, .fade_out = 0.7},
                 {.source = source, .offset = 1, .duration = 2.0, .loop = true},
                 {.source = source, .offset = 0.5, .seek = 2.5, .duration = 3.0, .fade_out = 1, .loop = true},
                 {.source = source, .offset = 0.1, .playback_rate = 1.5}}};
  const std::string whole = mixed_bytes(audio, {0, 100}, folder, rate);
  std::string parts;
  for (const FrameRange frames : {FrameRange{0, 1}, FrameRange{1, 37}, FrameRange{37, 80}, FrameRange{80, 100}}) {
    parts += mixed_bytes(audio, frames, folder, rate);
  }
  CHECK(whole.size() == 160'160 * 8);
  CHECK((parts == whole));
}

TEST_CASE("audio: a part that ends long before its tracks do is the same samples of the whole, to the bit", "[audio][ffmpeg]") {
  const TempDir folder;
  const std::string source = lavfi(folder, "noise.flac", "anoisesrc=d=20:r=44100:seed=7", "flac");
  const std::vector<AudioTrack> tracks{{.source = source, .duration = 10.0, .fade_out = 1},
                                       {.source = source, .fade_out = 3},
                                       {.source = source, .offset = -1, .seek = 3, .duration = 8.0, .fade_in = 4, .fade_out = 5},
                                       {.source = source, .seek = 12, .duration = 30.0, .fade_out = 7},
                                       {.source = source, .duration = 9.0, .fade_out = 2, .playback_rate = 0.5},
                                       {.source = source, .duration = 6.0, .fade_out = 2, .loop = true, .playback_rate = 4}};
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const AudioOptions audio{.tracks = {tracks[i]}};
    const std::string whole = mixed_bytes(audio, {0, 700}, folder);
    for (const FrameRange frames : {FrameRange{0, 60}, FrameRange{100, 130}, FrameRange{170, 200}}) {
      const auto [first, last] = samples_of(frames, film_rate);
      const auto begin = static_cast<std::size_t>(first) * 8, size = static_cast<std::size_t>(last - first) * 8;
      INFO("track " << i << ", frames " << frames.first << ":" << frames.last);
      CHECK((mixed_bytes(audio, frames, folder) == whole.substr(begin, size)));
    }
  }
}

TEST_CASE("audio: a fade out long after the render's end leaves the level as it is", "[audio][ffmpeg]") {
  const TempDir folder;
  const std::string source = lavfi(folder, "dc.wav", "aevalsrc=0.25|0.25:s=48000:d=20");
  const auto sound = mixed({.tracks = {{.source = source, .duration = 10.0, .fade_out = 1}}}, {0, 60}, folder);
  REQUIRE(sound.size() == 96'000);
  CHECK(std::count(sound.begin(), sound.end(), 0.25F) == 96'000);
}

TEST_CASE("audio: a looped track repeats without a gap", "[audio][ffmpeg]") {
  const TempDir folder;
  const std::string source = lavfi(folder, "short.wav", "aevalsrc=(n+1)/65536:s=48000:d=0.1:c=mono");
  const auto sound = mixed({.tracks = {{.source = source, .seek = 0.05, .loop = true}}}, {0, 30}, folder);
  for (std::size_t i = 0; i < sound.size(); ++i) REQUIRE(sound[i] == static_cast<float>(2400 + i % 2400 + 1) / 65536);
}

TEST_CASE("audio: a faster track is shorter and keeps its pitch", "[audio][ffmpeg]") {
  const TempDir folder;
  const std::string source = lavfi(folder, "tone.wav", "sine=f=480:r=48000:d=3");
  const double rate = GENERATE(0.25, 1.5, 2.0, 4.0);
  const auto sound = mixed({.tracks = {{.source = source, .playback_rate = rate}}}, {0, 390}, folder);
  std::size_t last = sound.size();
  while (last > 0 && sound[last - 1] == 0) --last;
  CHECK(std::abs(static_cast<double>(last) / 48'000 - 3 / rate) < 0.1);
  int crossings = 0;
  for (std::size_t i = 4800; i < 4800 + 24'000; ++i) crossings += sound[i - 1] < 0 && sound[i] >= 0 ? 1 : 0;
  CHECK(std::abs(crossings - 240) <= 4);
}

TEST_CASE("audio: what cannot be played is named with the reason", "[audio][ffmpeg]") {
  const TempDir folder;
  std::ofstream(folder / "text.mp3") << "not music at all";
  run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=32x32:d=1", "file:" + (folder / "mute.mp4").string()});
  struct Row {
    std::string source;
    std::string reason;
  };
  for (const Row& row :
       {Row{(folder / "missing.mp3").string(), "No such file"}, Row{(folder / "text.mp3").string(), ""},
        Row{(folder / "mute.mp4").string(), "has no audio stream"}, Row{"http://127.0.0.1:1/a.mp3", "refused"}}) {
    const AudioOptions audio{.tracks = {{.source = row.source}}};
    const auto made = await(make_audio(audio, {0, 30}, film_rate, sound_timeout, mp4, folder.path()));
    REQUIRE(made.has_error());
    INFO(made.error().message());
    CHECK(made.error().code == Errc::audio_failed);
    CHECK(made.error().detail.find(row.source) != std::string::npos);
    CHECK(made.error().message().find(row.reason) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "mix.f32"));
    CHECK_FALSE(std::filesystem::exists(folder / "audio.m4a"));
  }
}

TEST_CASE("audio: no tracks, no file; silence on demand", "[audio][ffmpeg]") {
  const TempDir folder;
  const auto none = await(make_audio({}, {0, 30}, film_rate, sound_timeout, mp4, folder.path()));
  REQUIRE(none.has_value());
  CHECK_FALSE(none->has_value());
  const AudioOptions silent{.always = true};
  const auto made = await(make_audio(silent, {0, 30}, film_rate, sound_timeout, mp4, folder.path()));
  REQUIRE(made.has_value());
  REQUIRE(made->has_value());
  CHECK(probe((*made)->string(), "a", "stream=channels,sample_rate") == std::vector<std::string>{"48000", "2"});
}

TEST_CASE("audio: in the final file a click is heard on its sample and sound is as long as the picture",
          "[audio][assemble][ffmpeg]") {
  const TempDir folder;
  const std::string click = lavfi(folder, "click.wav", "aevalsrc='if(eq(n,24000),1,0)':s=48000:d=2:c=mono");
  const VideoOptions video{.width = 64, .height = 48, .fps = film_rate};
  std::vector<JoinPart> parts;
  for (std::int64_t i = 0; i < 3; ++i) {
    parts.push_back({folder / (std::to_string(i) + ".mp4"), 20});
    REQUIRE(encode_chunk(video, {i * 20, i * 20 + 20}, parts.back().file).has_value());
  }
  const AudioOptions audio{.tracks = {{.source = click}}, .bitrate_kbps = 320};
  const auto made = await(make_audio(audio, {0, 60}, film_rate, sound_timeout, mp4, folder.path()));
  REQUIRE(made.has_value());
  const auto output = folder / "out.mp4";
  const auto frames = await(join(parts, *made, video, mp4, output, folder.path()));
  REQUIRE(frames.has_value());
  CHECK(*frames == 60);
  const auto sound =
      to_floats(run_tool({"ffmpeg", "-v", "error", "-i", "file:" + output.string(), "-map", "0:a", "-f", "f32le", "-"}));
  CHECK(loudest(sound) == 24'000);
  CHECK(std::abs(static_cast<double>(sound.size()) - 96'000) <= 1024);
  CHECK(probe(output.string(), "v", "packet=pts").at(0) == "0");
  CHECK(std::stod(probe(output.string(), "a", "stream=start_time").at(0)) == 0);
  CHECK(std::stod(probe(output.string(), "v", "stream=start_time").at(0)) == 0);
}

TEST_CASE("audio: cancellation ends a decoder that would run for ever and leaves no file", "[audio][ffmpeg]") {
  const TempDir folder;
  run_tool({"mkfifo", (folder / "endless.wav").string()});  // nobody writes: whoever reads it waits
  boost::asio::io_context context;
  boost::asio::cancellation_signal cancel;
  boost::asio::steady_timer timer(context, std::chrono::milliseconds(200));
  timer.async_wait([&](auto) { cancel.emit(boost::asio::cancellation_type::terminal); });
  const AudioOptions audio{.tracks = {{.source = (folder / "endless.wav").string()}}};
  std::optional<Errc> code;
  const auto work = [&]() -> boost::asio::awaitable<void> {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto made = co_await make_audio(audio, {0, 30}, film_rate, sound_timeout, mp4, folder.path());
    code = made ? Errc::internal : made.error().code;
  };
  const auto ended = [&](std::exception_ptr) { context.stop(); };
  boost::asio::co_spawn(context, work(), boost::asio::bind_cancellation_slot(cancel.slot(), ended));
  context.run_for(std::chrono::seconds(10));
  CHECK(code == Errc::cancelled);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("audio: cancellation ends the mixing, too, and leaves no file", "[audio][ffmpeg]") {
  const TempDir folder;
  boost::asio::io_context context;
  const AudioOptions silence{.always = true};
  constexpr FrameRange half_an_hour{0, 54'000};
  const auto made = await_cancelled(context, make_audio(silence, half_an_hour, film_rate, sound_timeout, mp4, folder.path()),
                                    std::chrono::milliseconds(20));
  REQUIRE(made.has_error());
  CHECK(made.error().code == Errc::cancelled);
  CHECK(made.error().stage == Stage::audio);
  CHECK(std::filesystem::is_empty(folder.path()));
}
