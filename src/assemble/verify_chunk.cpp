#include "assemble/verify_chunk.hpp"

#include "base/no_file.hpp"
#include "media/output_format.hpp"
#include "media/run_ffmpeg.hpp"

namespace orchestrator {

namespace {

Error invalid_chunk(const std::filesystem::path& file, const std::string& what) {
  return Error{.code = Errc::chunk_invalid, .detail = "chunk file " + file.string() + " " + what, .stage = Stage::verify};
}

std::string describe(std::string_view codec, int width, int height, std::string_view pixel_format, Rational fps) {
  return std::string(codec) + " " + std::to_string(width) + "x" + std::to_string(height) + " " + std::string(pixel_format) +
         " at " + std::to_string(fps.num) + "/" + std::to_string(fps.den) + " fps";
}

}  // namespace

Result<ProbedStream> check_chunk(const std::vector<ProbedStream>& streams, const std::filesystem::path& file, std::int64_t frames,
                                 const VideoOptions& video) {
  if (streams.size() != 1) return invalid_chunk(file, "has " + std::to_string(streams.size()) + " streams, expected 1");
  const ProbedStream& found = streams.front();
  const ChunkFormat format = chunk_format(video);
  const std::string expected_text =
      describe(format.codec.stored, video.width, video.height, format.pixels.stored, reduced(video.fps));
  // For a single frame ffprobe only guesses the rate, so it is not compared.
  const Rational rate = frames == 1 ? reduced(video.fps) : found.frame_rate;
  const std::string found_text = describe(found.codec, found.width, found.height, found.pixel_format, rate);
  if (found_text != expected_text) return invalid_chunk(file, "is " + found_text + ", expected " + expected_text);
  if (found.packets == frames) return found;
  return invalid_chunk(file, "has " + std::to_string(found.packets) + " frames, expected " + std::to_string(frames));
}

Result<void> check_same_setup(const ProbedStream& first, const ProbedStream& other, const std::filesystem::path& file) {
  if (first.codec_setup == other.codec_setup) return {};
  return invalid_chunk(file, "was encoded with other codec parameters than the first chunk (" + other.codec_setup +
                                 ", expected " + first.codec_setup + "): use the same ffmpeg and x264 on every machine");
}

boost::asio::awaitable<Result<ProbedStream>> verify_chunk(std::filesystem::path file, std::int64_t frames, VideoOptions video) {
  Error unreadable = invalid_chunk(file, "cannot be read");
  if (const std::string why = why_no_file(file); !why.empty()) {  // ffprobe would wait for ever for what a pipe holds
    unreadable.detail += ": " + why;
    co_return unreadable;
  }
  std::string source = "file:" + file.string();
  std::string demuxers(chunk_format(video).container.demuxers);
  auto streams = co_await run_ffprobe(std::move(source), "file", std::move(demuxers), true, std::move(unreadable));
  if (!streams) co_return streams.error();
  co_return check_chunk(*streams, file, frames, video);
}

}  // namespace orchestrator
