#include "assemble/join.hpp"
#include "assemble/make_audio.hpp"
#include "support/containers.hpp"
#include "support/resource_limit.hpp"
#include "support/run_tool.hpp"
#include "support/small_disk.hpp"
#include "support/temp_dir.hpp"
#include "support/video_chunks.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr Rational disk_rate{30, 1};
constexpr FrameRange two_seconds{0, 60};
const VideoOptions video{.width = 640, .height = 360, .fps = {30, 1}, .preset = "ultrafast", .crf = 0};

bool is_skipped(const SmallDisk& disk) {
  if (!disk.mounted()) WARN("skipped: mounting a small tmpfs needs root");
  return !disk.mounted();
}

template <class T>
void check_unwritable(const Result<T>& result, const std::filesystem::path& file, const std::string& cause) {
  REQUIRE(result.has_error());
  INFO(result.error().message());
  CHECK(result.error().code == Errc::output_unwritable);
  CHECK(result.error().detail.find("cannot write " + file.string() + ": " + cause) == 0);
}

Result<std::optional<std::filesystem::path>> sound_in(const std::filesystem::path& work_dir, const AudioOptions& audio) {
  return await(make_audio(audio, two_seconds, disk_rate, std::chrono::seconds(30), mp4, work_dir));
}

std::string noise(const TempDir& folder) {
  const std::string file = (folder / "noise.wav").string();
  run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=2:r=48000:seed=7", "file:" + file});
  return file;
}

}  // namespace

TEST_CASE("full disk: the encoder names its file", "[encode][ffmpeg]") {
  const TempDir folder;
  {
    const SmallDisk disk(folder.path(), "512k");
    if (is_skipped(disk)) return;
    check_unwritable(encode_chunk(video, two_seconds, folder / "c.mp4"), folder / "c.mp4", "No space left on device");
  }
  const SmallDisk disk(folder.path(), "512k", true);
  check_unwritable(encode_chunk(video, two_seconds, folder / "c.mp4"), folder / "c.mp4", "Read-only file system");
}

TEST_CASE("full disk: the join names its file and removes it", "[assemble][ffmpeg]") {
  const TempDir work, folder;
  REQUIRE(encode_chunk(video, two_seconds, work / "0.mp4").has_value());
  const SmallDisk disk(folder.path(), "64k");
  if (is_skipped(disk)) return;
  const std::vector<JoinPart> parts{{work / "0.mp4", two_seconds.count()}};
  const auto output = folder / "out.mp4.partial";
  check_unwritable(await(join(parts, std::nullopt, video, mp4, output, work.path())), output, "No space left on device");
  CHECK_FALSE(std::filesystem::exists(output));
}

TEST_CASE("full disk: a join whose script has no room names the script", "[assemble][ffmpeg]") {
  const TempDir folder;
  const SmallDisk disk(folder.path(), "64k", true);
  if (is_skipped(disk)) return;
  const std::vector<JoinPart> parts{{"/w/0.mp4", 1}};
  check_unwritable(await(join(parts, std::nullopt, video, mp4, "/w/out.mp4", folder.path())), folder / "chunks.ffconcat",
                   "Read-only file system");
}

TEST_CASE("full disk: what gets larger than files may be is named, with the limit, and the program lives on",
          "[assemble][ffmpeg]") {
  const TempDir folder;
  {
    const ResourceLimit limit(RLIMIT_FSIZE, 64 << 10);
    check_unwritable(encode_chunk(video, two_seconds, folder / "c.mp4"), folder / "c.mp4", "File too large; raise the limit");
    check_unwritable(sound_in(folder.path(), {.always = true}), folder / "mix.f32", "File too large; raise the limit");
  }
  const AudioOptions audio{.tracks = {{.source = noise(folder)}}};
  const ResourceLimit limit(RLIMIT_FSIZE, 64 << 10);
  check_unwritable(sound_in(folder.path(), audio), folder / "track-0.f32", "File too large; raise the limit");
}

TEST_CASE("full disk: decoded tracks, the mix and the encoded sound are named, and nothing stays", "[audio][ffmpeg]") {
  struct Row {
    std::string size;
    bool track;
    std::string file;
  };
  // Two seconds of samples are 752 KiB: the mix leaves nothing of the last disk.
  const Row row = GENERATE(Row{"256k", true, "track-0.f32"}, Row{"256k", false, "mix.f32"}, Row{"752k", false, "audio.m4a"});
  const TempDir sounds, folder;
  AudioOptions audio{.always = true};
  if (row.track) audio.tracks.push_back({.source = noise(sounds)});
  const SmallDisk disk(folder.path(), row.size);
  if (is_skipped(disk)) return;
  check_unwritable(sound_in(folder.path(), audio), folder / row.file, "No space left on device");
  CHECK(std::filesystem::is_empty(folder.path()));
}
