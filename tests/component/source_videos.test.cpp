#include "serve/source_videos.hpp"
#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/run_tool.hpp"
#include "support/source_clip.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>

using namespace orchestrator;
using namespace orchestrator::test;
namespace asio = boost::asio;

namespace {

/// Videos in a folder, and how often ffmpeg was started for them.
struct Cinema {
  explicit Cinema(SourceVideoLimits limits = {}) {
    write_script(folder / "ffmpeg", "echo started >> \"${0%/*}/starts\"; exec ffmpeg \"$@\"");
    videos.emplace(context.get_executor(), limits);
  }

  Result<PictureFile> find(const std::filesystem::path& file, double time_s, bool transparent = false) {
    return await(context, videos->find({.file = file, .time_s = time_s, .transparent = transparent}));
  }
  std::string error(const std::filesystem::path& file, double time_s) {
    const auto picture = find(file, time_s);
    return picture ? "no error" : picture.error().detail;
  }

  TempDir folder;
  asio::io_context context;
  std::optional<SourceVideos> videos{};
};

/// Little enough that pictures have to be decoded again.
SourceVideoLimits hardly_any_cache() { return {.cache_bytes = 30'000}; }

void check_times(Cinema& cinema, const SourceClip& clip, const std::vector<double>& times_s) {
  for (const double time_s : times_s) {
    CAPTURE(clip.file.filename().string(), time_s);
    const auto picture = cinema.find(clip.file, time_s);
    if (!picture) FAIL(picture.error().detail);
    const bool equal = **picture == clip.at(time_s);
    REQUIRE(equal);
  }
}

std::vector<double> in_order(const SourceClip& clip) {
  std::vector<double> times_s{-1, 0};
  for (std::size_t frame = 0; frame < clip.times.size(); ++frame) {
    times_s.push_back(clip.seconds(frame));
    times_s.push_back(clip.seconds(frame, 0.9));
  }
  times_s.push_back(clip.seconds(clip.times.size() - 1) + 100);
  return times_s;
}

std::vector<double> backwards(const SourceClip& clip) {
  std::vector<double> times_s;
  for (std::size_t frame = clip.times.size(); frame > 0; frame -= std::min<std::size_t>(frame, 23)) {
    times_s.push_back(clip.seconds(frame - 1, 0.4));
  }
  times_s.push_back(0);
  return times_s;
}

std::vector<double> at_random(const SourceClip& clip) {
  std::mt19937 random(7);
  std::vector<double> times_s;
  for (int i = 0; i < 8; ++i)
    times_s.push_back(clip.seconds(random() % clip.times.size(), static_cast<double>(random() % 100) / 100));
  return times_s;
}

void check_clip(const SourceClip& clip) {
  Cinema cinema(hardly_any_cache());
  check_times(cinema, clip, in_order(clip));
  check_times(cinema, clip, backwards(clip));
  check_times(cinema, clip, at_random(clip));
}

const std::vector<std::string> lossless_h264{"-frames:v", "100",      "-c:v", "libx264", "-qp", "0",
                                             "-preset",   "veryfast", "-bf",  "3",       "-g",  "30"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("source videos: every frame of every kind of video, in order, backwards and anyhow", "[videos][ffmpeg]") {
  struct Kind {
    std::string name;
    std::vector<std::string> arguments;
  };
  const std::vector<std::string> some{"-frames:v", "60", "-g", "20"};
  const auto kind = GENERATE_COPY(values<Kind>({
      {"bframes.mp4", lossless_h264},
      {"one key frame.mp4", with(lossless_h264, {"-g", "1000"})},
      {"bframes.mkv", lossless_h264},
      {"bframes.ts", lossless_h264},
      {"open gop.mp4", with(lossless_h264, {"-x264-params", "open-gop=1:scenecut=0"})},
      {"open gop.ts", with(lossless_h264, {"-x264-params", "open-gop=1:scenecut=0"})},
      {"intra refresh.mp4", with(lossless_h264, {"-x264-params", "intra-refresh=1", "-bf", "0"})},
      {"other rate.mp4", with(lossless_h264, {"-r", "30000/1001"})},
      {"variable.mp4", with(lossless_h264, {"-vf", "setpts='(N+0.7*mod(N,4)+5*floor(N/20))/30/TB'", "-fps_mode", "passthrough"})},
      {"variable.mkv", with(lossless_h264, {"-vf", "setpts='(N+0.7*mod(N,4)+5*floor(N/20))/30/TB'", "-fps_mode", "passthrough"})},
      {"long frame.mp4", with(lossless_h264, {"-vf", "setpts='(N+300*gt(N,50))/30/TB'", "-fps_mode", "passthrough"})},
      {"odd size.mp4", with(lossless_h264, {"-vf", "crop=51:37,format=yuv444p"})},
      {"vp9.webm", with(some, {"-c:v", "libvpx-vp9", "-lossless", "1", "-deadline", "realtime"})},
      {"vp8.webm", with(some, {"-c:v", "libvpx", "-b:v", "2M", "-deadline", "realtime", "-auto-alt-ref", "0"})},
      {"av1.mp4", with(some, {"-c:v", "libsvtav1", "-preset", "12", "-crf", "10", "-vf", "scale=128:96:flags=neighbor"})},
      {"hevc.mp4",
       with(some, {"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "lossless=1:open-gop=1:keyint=20:log-level=none"})},
      {"mpeg4.avi", with(some, {"-c:v", "mpeg4", "-q:v", "2", "-bf", "0"})},
      {"animated.gif", with(some, {"-r", "10"})},
  }));
  const TempDir folder;
  check_clip(make_clip(folder / kind.name, kind.arguments));
}

TEST_CASE("source videos: times are the file's own, wherever its first frame is", "[videos][ffmpeg]") {
  const TempDir folder;
  const SourceClip whole = make_clip(folder / "whole.mp4", lossless_h264);
  const auto shifted = [&](const std::string& name, const std::string& offset) {
    run_tool({"ffmpeg", "-v", "error", "-itsoffset", offset, "-i", whole.file.string(), "-c", "copy", "-avoid_negative_ts",
              "disabled", (folder / name).string()});
    return read_clip(folder / name);
  };
  const SourceClip late = shifted("late.mkv", "2.5");
  REQUIRE(late.seconds(0) == 2.5);
  check_clip(late);
  const SourceClip later = shifted("later.mp4", "1.5");
  REQUIRE(later.seconds(0) == 1.5);
  check_clip(later);
  const SourceClip cut = shifted("edit list.mp4", "-0.5");
  REQUIRE(cut.times.size() < whole.times.size());
  check_clip(cut);
}

TEST_CASE("source videos: a video that was filmed upright is upright", "[videos][ffmpeg]") {
  const TempDir folder;
  make_clip(folder / "flat.mp4", lossless_h264);
  run_tool({"ffmpeg", "-v", "error", "-i", (folder / "flat.mp4").string(), "-c", "copy", "-metadata:s:v:0", "rotate=90",
            (folder / "upright.mp4").string()});
  const SourceClip clip = read_clip(folder / "upright.mp4");
  REQUIRE(static_cast<unsigned char>(clip.pictures[0].at(18)) == 48);  // the width
  check_clip(clip);
}

TEST_CASE("source videos: a video in order is decoded once, and two at a time do not disturb each other", "[videos][ffmpeg]") {
  Cinema cinema(hardly_any_cache());
  const Environment program("ORCHESTRATOR_FFMPEG", cinema.folder / "ffmpeg");
  const SourceClip one = make_clip(cinema.folder / "one.mp4", lossless_h264);
  const SourceClip two = make_clip(cinema.folder / "two.webm",
                                   {"-frames:v", "100", "-c:v", "libvpx-vp9", "-lossless", "1", "-deadline", "realtime"});
  for (std::size_t frame = 0; frame < one.times.size(); ++frame) {
    check_times(cinema, one, {one.seconds(frame)});
    check_times(cinema, two, {two.seconds(frame)});
  }
  CHECK(read_file(cinema.folder / "starts") == "started\nstarted\n");
}

TEST_CASE("source videos: one video at two places has two decoders, and no more", "[videos][ffmpeg]") {
  Cinema cinema(hardly_any_cache());
  const Environment program("ORCHESTRATOR_FFMPEG", cinema.folder / "ffmpeg");
  const SourceClip clip = make_clip(cinema.folder / "clip.mp4", with(lossless_h264, {"-frames:v", "200"}));
  for (std::size_t frame = 0; frame < 60; ++frame) check_times(cinema, clip, {clip.seconds(frame), clip.seconds(frame + 120)});
  CHECK(read_file(cinema.folder / "starts") == "started\nstarted\n");
}

TEST_CASE("source videos: what was decoded is there for those who ask again, within the bytes allowed", "[videos][ffmpeg]") {
  Cinema cinema;
  const Environment program("ORCHESTRATOR_FFMPEG", cinema.folder / "ffmpeg");
  const SourceClip clip = make_clip(cinema.folder / "clip.mp4", lossless_h264);
  check_times(cinema, clip, in_order(clip));
  check_times(cinema, clip, backwards(clip));
  check_times(cinema, clip, at_random(clip));
  CHECK(read_file(cinema.folder / "starts") == "started\n");
}

TEST_CASE("source videos: requests at the same time share one decoder", "[videos][ffmpeg]") {
  Cinema cinema(hardly_any_cache());
  const Environment program("ORCHESTRATOR_FFMPEG", cinema.folder / "ffmpeg");
  const SourceClip clip = make_clip(cinema.folder / "clip.mp4", lossless_h264);
  std::vector<std::optional<Result<PictureFile>>> pictures(20);
  const auto ask = [&](std::size_t frame) -> asio::awaitable<void> {
    WantedPicture wanted{.file = clip.file, .time_s = clip.seconds(frame)};
    pictures[frame] = co_await cinema.videos->find(std::move(wanted));
  };
  for (std::size_t frame = 0; frame < pictures.size(); ++frame) asio::co_spawn(cinema.context, ask(frame), asio::detached);
  const auto all_there = [&] {
    return std::all_of(pictures.begin(), pictures.end(), [](const auto& one) { return one.has_value(); });
  };
  for (int i = 0; i < 600 && !all_there(); ++i) cinema.context.run_for(std::chrono::milliseconds(100));
  REQUIRE(all_there());
  for (std::size_t frame = 0; frame < pictures.size(); ++frame) CHECK((***pictures[frame] == clip.pictures[frame]));
  CHECK(read_file(cinema.folder / "starts") == "started\n");
}

TEST_CASE("source videos: no more decoders than allowed, and none afterwards", "[videos][ffmpeg]") {
  Cinema cinema({.cache_bytes = 30'000, .decoders = 2});
  const auto decoders = [] {
    const auto children = descendants_of(::getpid());
    return std::count_if(children.begin(), children.end(),
                         [](const Process& child) { return contains(child.command, "showinfo"); });
  };
  for (int i = 0; i < 5; ++i) {
    const SourceClip clip =
        make_clip(cinema.folder / (std::to_string(i) + ".mp4"), with(lossless_h264, {"-frames:v", "40", "-s", "640x480"}));
    check_times(cinema, clip, {0.5});
    CHECK(decoders() <= 2);
  }
  CHECK(decoders() > 0);
  cinema.videos->stop();
  CHECK(contains(cinema.error(cinema.folder / "0.mp4", 0.1), "the page is left"));
  cinema.videos.reset();
  for (int i = 0; i < 600 && decoders() > 0; ++i)
    cinema.context.run_for(std::chrono::milliseconds(100)), cinema.context.restart();
  CHECK(decoders() == 0);
}

TEST_CASE("source videos: transparency is kept where it is asked for", "[videos][ffmpeg]") {
  Cinema cinema;
  for (const auto& [name, codec, decoder] : {std::tuple("a.webm", "libvpx-vp9", "libvpx-vp9"),
                                             std::tuple("b.webm", "libvpx", "libvpx"), std::tuple("c.mov", "qtrle", "qtrle")}) {
    CAPTURE(name);
    const std::string file = cinema.folder / name;
    run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i",
              "color=red:s=64x48:r=10,format=rgba,geq=r=200:g=9:b=9:a='if(lt(X,32),0,10+20*N)'", "-frames:v", "8", "-c:v", codec,
              "-auto-alt-ref", "0", "-b:v", "1M", file});
    const auto reference =
        run_tool({"ffmpeg", "-v", "error", "-c:v", decoder, "-i", file, "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"});
    constexpr std::size_t frame_bytes = 64 * 48 * 4;
    for (const std::size_t frame : {0U, 3U, 7U}) {
      const auto picture = cinema.find(file, static_cast<double>(frame) / 10, true);
      if (!picture) FAIL(picture.error().detail);
      write_file(cinema.folder / "picture.png", **picture);
      const auto pixels = run_tool(
          {"ffmpeg", "-v", "error", "-i", cinema.folder / "picture.png", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"});
      CHECK((pixels == reference.substr(frame * frame_bytes, frame_bytes)));
      CHECK(static_cast<unsigned char>(pixels.at(3)) < 40);
      CHECK(std::abs(static_cast<unsigned char>(pixels.at(60 * 4 + 3)) - 10 - 20 * static_cast<int>(frame)) < 8);
    }
    const auto opaque = cinema.find(file, 0);
    REQUIRE(opaque.has_value());
    CHECK((*opaque)->starts_with("BM"));
    CHECK((*opaque)->size() == 54 + 64 * 48 * 3);
  }
}

TEST_CASE("source videos: what is no video, has none, or reads other files is refused with the reason", "[videos][ffmpeg]") {
  Cinema cinema;
  write_file(cinema.folder / "text.mp4", "this is no video");
  write_file(cinema.folder / "empty.mp4", "");
  run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", cinema.folder / "sound.m4a"});
  const SourceClip clip = make_clip(cinema.folder / "clip.ts", lossless_h264);
  write_file(cinema.folder / "list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nclip.ts\n#EXT-X-ENDLIST\n");
  write_file(cinema.folder / "concat.mp4", "ffconcat version 1.0\nfile clip.ts\n");
  CHECK(contains(cinema.error(cinema.folder / "text.mp4", 0), "it is no video that can be read: "));
  CHECK(contains(cinema.error(cinema.folder / "empty.mp4", 0), "it is no video that can be read: "));
  CHECK(contains(cinema.error(cinema.folder / "none.mp4", 0), "No such file"));
  CHECK(cinema.error(cinema.folder / "sound.m4a", 0) == "it has no video");
  for (const char* list : {"list.mp4", "concat.mp4"}) {
    CHECK(contains(cinema.error(cinema.folder / list, 0), "it is no video that can be read: "));
    auto decoder = VideoDecoder::start(cinema.context.get_executor(), {.file = cinema.folder / list});
    REQUIRE(decoder.has_value());
    CHECK_FALSE(await(cinema.context, decoder->next(std::chrono::minutes(1))).has_value());
  }
}

TEST_CASE("source videos: a file that is cut short or damaged gives its good part, and then an error", "[videos][ffmpeg]") {
  Cinema cinema(hardly_any_cache());
  for (const auto& [name, more] :
       {std::tuple("a.mp4", "+faststart"), std::tuple("b.mkv", "+bitexact"), std::tuple("c.webm", "")}) {
    CAPTURE(name);
    std::vector<std::string> arguments{"-frames:v", "100",       "-c:v",     "libvpx-vp9", "-lossless",
                                       "1",         "-deadline", "realtime", "-g",         "30"};
    if (*more != '\0') arguments = with(lossless_h264, {*more == '+' && name[0] == 'a' ? "-movflags" : "-fflags", more});
    const SourceClip clip = make_clip(cinema.folder / name, arguments);
    const std::string bytes = read_file(clip.file);
    write_file(clip.file, bytes.substr(0, bytes.size() * 7 / 10));
    check_times(cinema, clip, {0, 0.1, 0.5, 1});
    for (const double time_s : {3.2, 3.3, 100.0, 3.0}) {
      const auto picture = cinema.find(clip.file, time_s);
      CHECK_FALSE(picture.has_value());
    }
    check_times(cinema, clip, {1.1, 0.2});
  }
}

TEST_CASE("source videos: colours of high dynamic range are refused, as nothing turns them into a page's", "[videos][ffmpeg]") {
  Cinema cinema;
  for (const char* transfer : {"smpte2084", "arib-std-b67"}) {
    const SourceClip clip =
        make_clip(cinema.folder / (std::string(transfer) + ".mkv"), with(lossless_h264, {"-color_trc", transfer}));
    CHECK(contains(cinema.error(clip.file, 0.5), "its colours are HDR (" + std::string(transfer) + ")"));
  }
}

TEST_CASE("source videos: pixels that are not square are made so", "[videos][ffmpeg]") {
  Cinema cinema;
  const auto size = [&](const char* shape) -> std::pair<int, int> {
    const SourceClip clip =
        make_clip(cinema.folder / "clip.mp4", with(lossless_h264, {"-vf", std::string("setsar=") + shape}), 320, 180);
    cinema.videos.emplace(cinema.context.get_executor());
    const auto picture = cinema.find(clip.file, 0.5);
    if (!picture) FAIL(picture.error().detail);
    std::int32_t width = 0, height = 0;
    std::memcpy(&width, (*picture)->data() + 18, 4);
    std::memcpy(&height, (*picture)->data() + 22, 4);
    return {width, std::abs(height)};
  };
  CHECK(size("1") == std::pair(320, 180));
  CHECK(size("4/3") == std::pair(427, 181));  // as Remotion 4.0.529 does
  CHECK(size("9/16") == std::pair(320, 320));
}

TEST_CASE("source videos: an ffmpeg that dies, hangs or writes nonsense is an error, and never a picture", "[videos][ffmpeg]") {
  const auto body = GENERATE(values<std::pair<std::string, std::string>>({{"kill -9 $$", "signal 9"},
                                                                          {"exit 3", "exit status 3"},
                                                                          {"sleep 1000", "ffmpeg gave no frame within 300 ms"},
                                                                          {"echo this is no picture", "neither BMP nor PNG"},
                                                                          {"printf 'BM\\377\\0\\0\\0..'", "half a picture"},
                                                                          {"exit 0", "it has no frames"}}));
  CAPTURE(body.first);
  SourceVideoLimits limits;
  if (body.first == "sleep 1000") limits.frame = std::chrono::milliseconds(300);
  Cinema cinema(limits);
  const SourceClip clip = make_clip(cinema.folder / "clip.mp4", lossless_h264);
  write_script(cinema.folder / "ffmpeg", body.first);
  const Environment program("ORCHESTRATOR_FFMPEG", cinema.folder / "ffmpeg");
  CHECK(contains(cinema.error(clip.file, 0), body.second));
}
