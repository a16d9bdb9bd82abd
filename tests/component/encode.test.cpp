#include "assemble/verify_chunk.hpp"
#include "encode/yuv.hpp"
#include "support/few_descriptors.hpp"
#include "support/run_tool.hpp"
#include "support/temp_dir.hpp"
#include "support/video_chunks.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

std::string planes_of(const std::filesystem::path& file) {
  return run_tool({"ffmpeg", "-v", "error", "-i", "file:" + file.string(), "-f", "rawvideo", "-fps_mode", "passthrough", "-"});
}

Frame flat_frame(std::uint32_t colour, int width, int height) {
  auto pixels = std::make_shared<std::vector<std::uint32_t>>(static_cast<std::size_t>(width * height), colour);
  return {.bytes = std::as_bytes(std::span(*pixels)), .buffer = pixels};
}

boost::asio::awaitable<Result<void>> encode_one(EncoderJob job, Frame frame) {
  auto encoder = Encoder::start(co_await boost::asio::this_coro::executor, std::move(job));
  if (!encoder) co_return encoder.error();
  auto written = co_await encoder->write(std::move(frame));
  if (!written) co_return written.error();
  auto finished = co_await encoder->finish();
  co_return finished;
}

Frame png_frame(std::uint32_t colour) {
  char name[48];
  std::snprintf(name, sizeof name, "color=0x%06X:s=32x32", static_cast<unsigned>(colour));
  auto file = std::make_shared<std::string>(run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", name, "-frames:v", "1",
                                                      "-pix_fmt", "rgb24", "-c:v", "png", "-f", "image2pipe", "-"}));
  return {.bytes = std::as_bytes(std::span(*file)), .buffer = file};
}

struct Colour {
  std::uint32_t rgb;
  int y, u, v;  // BT.709, limited range, calculated by hand
};

}  // namespace

TEST_CASE("encoder: every frame written is in the file, exact where lossless was asked for", "[encode][ffmpeg]") {
  const TempDir folder;
  const std::string format_name = GENERATE("yuv420p", "yuv422p", "yuv444p");
  const VideoOptions video{
      .width = 64, .height = 48, .fps = {30'000, 1001}, .preset = "medium", .crf = 0, .pixel_format = format_name};
  const auto written = encode_chunk(video, {0, 20}, folder / "c.mp4");
  REQUIRE(written.has_value());
  const PixelFormat& format = *find_pixel_format(*find_codec("h264"), format_name);
  std::string expected;
  for (std::int64_t number = 0; number < 20; ++number) {
    std::vector<std::uint8_t> planes(planar_size(format, 64, 48));
    convert_to_yuv(make_frame(number, 64, 48).bytes, 64, 48, format, planes);
    expected.append(planes.begin(), planes.end());
  }
  CHECK(planes_of(folder / "c.mp4") == expected);
}

TEST_CASE("encoder: rgb24 keeps every pixel, odd sizes included", "[encode][ffmpeg]") {
  const TempDir folder;
  const VideoOptions video{.width = 33, .height = 17, .fps = {30, 1}, .crf = 0, .pixel_format = "rgb24"};
  REQUIRE(encode_chunk(video, {0, 3}, folder / "c.mp4").has_value());
  const std::string pixels = run_tool({"ffmpeg", "-v", "error", "-i", "file:" + (folder / "c.mp4").string(), "-f", "rawvideo",
                                       "-pix_fmt", "bgr0", "-fps_mode", "passthrough", "-"});
  REQUIRE(pixels.size() == 3 * 33 * 17 * 4);
  for (std::size_t frame = 0; frame < 3; ++frame) {
    const Frame expected = make_frame(static_cast<std::int64_t>(frame), 33, 17);
    for (std::size_t i = 0; i < expected.bytes.size(); ++i) {
      if (i % 4 == 3) continue;
      REQUIRE(static_cast<std::byte>(pixels[frame * expected.bytes.size() + i]) == expected.bytes[i]);
    }
  }
}

TEST_CASE("encoder: flat colours decode to their BT.709 values, from raw and from PNG frames", "[encode][ffmpeg]") {
  const auto layout = GENERATE(FrameLayout::bgr0, FrameLayout::png);
  const Colour colour =
      GENERATE(Colour{0xFF0000, 63, 102, 240}, Colour{0x00FF00, 173, 42, 26}, Colour{0x0000FF, 32, 240, 118},
               Colour{0xFFFFFF, 235, 128, 128}, Colour{0x808080, 126, 128, 128}, Colour{0x336699, 97, 156, 104});
  const TempDir folder;
  const EncoderJob job{
      .video = {.width = 32, .height = 32, .fps = {30, 1}, .crf = 1}, .layout = layout, .output = folder / "c.mp4"};
  const Frame frame = layout == FrameLayout::png ? png_frame(colour.rgb) : flat_frame(colour.rgb, 32, 32);
  const auto done = await(encode_one(job, frame));
  REQUIRE(done.has_value());
  const std::string planes = planes_of(job.output);
  const auto value = [&](std::size_t at) { return static_cast<int>(static_cast<unsigned char>(planes.at(at))); };
  CHECK(std::abs(value(500) - colour.y) <= 1);
  CHECK(std::abs(value(32 * 32 + 100) - colour.u) <= 1);
  CHECK(std::abs(value(32 * 32 + 16 * 16 + 100) - colour.v) <= 1);
}

TEST_CASE("encoder: the file says how its colours are to be read", "[encode][ffmpeg]") {
  const TempDir folder;
  const std::string file = (folder / "c.mp4").string();
  REQUIRE(encode_chunk({.width = 32, .height = 32, .fps = {30, 1}}, {0, 2}, file).has_value());
  CHECK(probe(file, "v", "stream=color_range,color_space,color_transfer,color_primaries,chroma_location") ==
        std::vector<std::string>{"tv", "bt709", "bt709", "bt709", "center"});
  REQUIRE(encode_chunk({.width = 32, .height = 32, .fps = {30, 1}, .pixel_format = "rgb24"}, {0, 2}, file).has_value());
  CHECK(probe(file, "v", "stream=color_range,color_space,color_transfer,color_primaries") ==
        std::vector<std::string>{"pc", "gbr", "iec61966-2-1", "bt709"});
}

TEST_CASE("encoder: progress is reported, CPU is known afterwards, buffers are given back", "[encode][ffmpeg]") {
  const TempDir folder;
  boost::asio::io_context context;
  std::int64_t reported = 0;
  const auto on_progress = [&](std::int64_t frames) { reported = frames; };
  auto encoder = Encoder::start(context.get_executor(),
                                {.video = {.width = 64, .height = 64, .fps = {30, 1}}, .output = folder / "c.mp4"}, on_progress);
  REQUIRE(encoder.has_value());
  std::vector<std::weak_ptr<const void>> buffers;
  for (std::int64_t number = 0; number < 50; ++number) {
    Frame frame = make_frame(number, 64, 64);
    buffers.push_back(frame.buffer);
    REQUIRE(await(context, encoder->write(std::move(frame))).has_value());
    CHECK(std::count_if(buffers.begin(), buffers.end(), [](const auto& buffer) { return !buffer.expired(); }) <= 3);
  }
  REQUIRE(await(context, encoder->finish()).has_value());
  CHECK(reported == 50);
  CHECK(encoder->frames_encoded() == 50);
  CHECK(encoder->cpu() > std::chrono::milliseconds(1));
  CHECK(std::all_of(buffers.begin(), buffers.end(), [](const auto& buffer) { return buffer.expired(); }));
}

TEST_CASE("verify: chunks as encoded pass at every rate, a missing frame does not", "[assemble][ffmpeg]") {
  const TempDir folder;
  const Rational fps = GENERATE(Rational{24, 1}, Rational{25, 1}, Rational{30, 1}, Rational{60, 1}, Rational{24'000, 1001},
                                Rational{30'000, 1001}, Rational{60'000, 1001}, Rational{1, 2}, Rational{999, 100},
                                Rational{119, 1}, Rational{120'000, 1001}, Rational{240'000, 1001}, Rational{1, 1'000'000});
  const std::int64_t frames = GENERATE(1, 2, 3, 30);
  const VideoOptions video{.width = 32, .height = 32, .fps = fps};
  REQUIRE(encode_chunk(video, {0, frames}, folder / "c.mp4").has_value());
  const auto verified = await(verify_chunk(folder / "c.mp4", frames, video));
  INFO((verified ? "" : verified.error().message()));
  CHECK(verified.has_value());
  const auto short_by_one = await(verify_chunk(folder / "c.mp4", frames + 1, video));
  REQUIRE(short_by_one.has_error());
  CHECK(short_by_one.error().code == Errc::chunk_invalid);
}

TEST_CASE("verify: a chunk for whose check no process can be started now is not said to be wrong", "[assemble][ffmpeg]") {
  const TempDir folder;
  std::ofstream(folder / "c.mp4") << "a chunk";
  boost::asio::io_context context;
  Result<ProbedStream> verified = Error{};
  {
    const FewDescriptors few(4);
    verified = await(context, verify_chunk(folder / "c.mp4", 20, {.width = 32, .height = 32}));
  }
  REQUIRE(verified.has_error());
  INFO(verified.error().message());
  CHECK(verified.error().code == Errc::encoder_unavailable);
  CHECK(verified.error().stage == Stage::verify);
  CHECK(verified.error().detail.find("ffprobe: ") != std::string::npos);
  CHECK(verified.error().detail.find("ulimit -n") != std::string::npos);
}

TEST_CASE("verify: a file that is cut off or missing is named", "[assemble][ffmpeg]") {
  const TempDir folder;
  const std::filesystem::path file = folder / "c.mp4";
  REQUIRE(encode_chunk({.width = 32, .height = 32, .fps = {30, 1}}, {0, 20}, file).has_value());
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  for (const std::filesystem::path& path : {file, folder / "missing.mp4"}) {
    const auto verified = await(verify_chunk(path, 20, {.width = 32, .height = 32}));
    REQUIRE(verified.has_error());
    CHECK(verified.error().code == Errc::chunk_invalid);
    CHECK(verified.error().detail.find(path.string()) != std::string::npos);
  }
}
