#include "assemble/join.hpp"
#include "assemble/verify_chunk.hpp"
#include "media/codecs.hpp"
#include "support/containers.hpp"
#include "support/run_tool.hpp"
#include "support/temp_dir.hpp"
#include "support/video_chunks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr std::int64_t total_frames = 120;

std::vector<JoinPart> encode_parts(const TempDir& folder, const VideoOptions& video, int chunks) {
  std::vector<JoinPart> parts;
  for (std::int64_t i = 0; i < chunks; ++i) {
    const FrameRange frames{total_frames * i / chunks, total_frames * (i + 1) / chunks};
    const auto file = folder / ("chunk it's " + std::to_string(i) + ".mp4");
    REQUIRE(encode_chunk(video, frames, file).has_value());
    parts.push_back({file, frames.count()});
  }
  return parts;
}

std::string decoded(const std::filesystem::path& file) {
  return run_tool({"ffmpeg", "-v", "error", "-i", "file:" + file.string(), "-f", "rawvideo", "-fps_mode", "passthrough", "-"});
}

std::vector<std::int64_t> numbers(const std::vector<std::string>& lines) {
  std::vector<std::int64_t> result;
  for (const std::string& line : lines) result.push_back(std::stoll(line));
  return result;
}

bool has_b_frames(const std::filesystem::path& file) {
  const auto pts = numbers(probe(file.string(), "v", "packet=pts"));
  return !std::is_sorted(pts.begin(), pts.end());
}

void check_even(const std::filesystem::path& file, Rational fps) {
  auto pts = numbers(probe(file.string(), "v", "packet=pts"));
  auto dts = numbers(probe(file.string(), "v", "packet=dts"));
  std::sort(pts.begin(), pts.end());
  REQUIRE(pts.size() == total_frames);
  REQUIRE(dts.size() == total_frames);
  CHECK(probe(file.string(), "v", "stream=time_base").at(0) == "1/" + std::to_string(track_timescale(fps)));
  const std::int64_t ticks = frame_ticks(fps);
  for (std::size_t i = 0; i < pts.size(); ++i) {
    REQUIRE(pts[i] == static_cast<std::int64_t>(i) * ticks);
    REQUIRE(dts[i] == dts[0] + static_cast<std::int64_t>(i) * ticks);
  }
}

}  // namespace

TEST_CASE("join: frames are exactly even and the pictures untouched, whatever the rate and the number of chunks",
          "[assemble][ffmpeg]") {
  const Rational fps =
      GENERATE(Rational{24, 1}, Rational{25, 1}, Rational{30, 1}, Rational{60, 1}, Rational{24'000, 1001}, Rational{30'000, 1001},
               Rational{60'000, 1001}, Rational{119, 1}, Rational{240'000, 1001}, Rational{1, 1'000'000});
  const VideoOptions video{.width = 64, .height = 48, .fps = fps};
  for (const int chunks : {1, 2, 7, 40}) {
    const TempDir folder;
    const auto parts = encode_parts(folder, video, chunks);
    const auto output = folder / "out.mp4.partial";
    const auto frames = await(join(parts, std::nullopt, video, mp4, output, folder.path()));
    INFO(chunks << " chunks at " << fps.num << "/" << fps.den << (frames ? "" : frames.error().message()));
    REQUIRE(frames.has_value());
    CHECK(*frames == total_frames);
    check_even(output, fps);
    if (chunks < 40) CHECK(has_b_frames(output));
    if (chunks == 7) {
      std::string apart;
      for (const JoinPart& part : parts) apart += decoded(part.file);
      CHECK((decoded(output) == apart));
    }
    CHECK_FALSE(std::filesystem::exists(folder / "chunks.ffconcat"));
  }
}

TEST_CASE("join: a lossless render is the same pictures in one chunk and in seven", "[assemble][ffmpeg]") {
  const TempDir folder;
  const VideoOptions video{.width = 64, .height = 48, .fps = {30, 1}, .crf = 0};
  REQUIRE(await(join(encode_parts(folder, video, 1), std::nullopt, video, mp4, folder / "1.mp4", folder.path())).has_value());
  REQUIRE(await(join(encode_parts(folder, video, 7), std::nullopt, video, mp4, folder / "7.mp4", folder.path())).has_value());
  CHECK((decoded(folder / "1.mp4") == decoded(folder / "7.mp4")));
}

TEST_CASE("join: a folder may have any name, a line break in it included", "[assemble][ffmpeg]") {
  const VideoOptions video{.width = 64, .height = 48, .fps = {30, 1}};
  for (const std::string name : {"two\nlines", "carriage\rreturn", "what? #1 100% 'quoted' \\ end "}) {
    CAPTURE(name);
    const TempDir outer;
    std::filesystem::create_directory(outer / name);
    const std::filesystem::path folder = outer / name;
    std::vector<JoinPart> parts;
    for (const std::int64_t first : {0, 10}) {
      parts.push_back({folder / (std::to_string(first) + ".mp4"), 10});
      REQUIRE(encode_chunk(video, {first, first + 10}, parts.back().file).has_value());
    }
    const auto frames = await(join(parts, std::nullopt, video, mp4, folder / "film.mp4", folder));
    INFO((frames ? "" : frames.error().message()));
    CHECK((frames && *frames == 20));
  }
}

TEST_CASE("join: a chunk elsewhere whose name ffmpeg cannot read is named", "[assemble]") {
  const auto refused = await(join({{"/w\n/0.mp4", 1}}, std::nullopt, {}, mp4, "/o/film.mp4", "/o"));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Errc::assemble_failed);
  CHECK(refused.error().detail.find("line break") != std::string::npos);
}

TEST_CASE("join: chunks encoded apart have the same codec parameters", "[assemble][ffmpeg]") {
  const TempDir folder;
  const VideoOptions video{.width = 64, .height = 48, .fps = {30, 1}};
  const auto parts = encode_parts(folder, video, 2);
  const auto first = await(verify_chunk(parts[0].file, parts[0].frames, video));
  const auto second = await(verify_chunk(parts[1].file, parts[1].frames, video));
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK_FALSE(first->codec_setup.empty());
  CHECK(check_same_setup(*first, *second, parts[1].file).has_value());
}

TEST_CASE("join: the colours' description survives", "[assemble][ffmpeg]") {
  const TempDir folder;
  const VideoOptions video{.width = 64, .height = 48, .fps = {30, 1}};
  const auto output = folder / "out.mp4";
  REQUIRE(await(join(encode_parts(folder, video, 2), std::nullopt, video, mp4, output, folder.path())).has_value());
  CHECK(probe(output.string(), "v", "stream=color_range,color_space,color_transfer,color_primaries") ==
        std::vector<std::string>{"tv", "bt709", "bt709", "bt709"});
}

TEST_CASE("join: a missing chunk or a wrong count is an error that leaves no file", "[assemble][ffmpeg]") {
  const TempDir folder;
  const VideoOptions video{.width = 64, .height = 48, .fps = {30, 1}};
  auto parts = encode_parts(folder, video, 2);
  const auto output = folder / "out.mp4.partial";
  ++parts[0].frames;
  const auto miscounted = await(join(parts, std::nullopt, video, mp4, output, folder.path()));
  REQUIRE(miscounted.has_error());
  CHECK(miscounted.error().code == Errc::assemble_failed);
  CHECK(miscounted.error().detail.find("has 120 frames, expected 121") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(output));

  --parts[0].frames;
  std::filesystem::remove(parts[1].file);
  const auto missing = await(join(parts, std::nullopt, video, mp4, output, folder.path()));
  REQUIRE(missing.has_error());
  CHECK(missing.error().code == Errc::assemble_failed);
  CHECK_FALSE(std::filesystem::exists(output));

  const auto nowhere = await(join(parts, std::nullopt, video, mp4, output, folder / "no such folder"));
  REQUIRE(nowhere.has_error());
  CHECK(nowhere.error().detail.find("no such folder") != std::string::npos);
}
