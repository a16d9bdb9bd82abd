#include "media/output_format.hpp"

#include "base/lower_case.hpp"

#include <array>

namespace orchestrator {

namespace {

// The index goes to the front of a finished film, so that a browser can start to play at once (ffmpeg-formats(1), -movflags).
constexpr std::array<std::string_view, 2> mp4_film{"-movflags", "+faststart"};
constexpr std::array<Container, 1> containers{{{".mp4", "mp4", "mov,mp4", "video/mp4", "aac", mp4_film}}};

}  // namespace

const Container* find_container(const std::filesystem::path& film) {
  const std::string extension = lower_case(film.extension().string());
  for (const Container& container : containers) {
    if (container.extension == extension) return &container;
  }
  return nullptr;
}

std::string container_names() {
  std::string names;
  for (const Container& container : containers) names += (names.empty() ? "" : ", ") + std::string(container.extension);
  return names;
}

ChunkFormat chunk_format(const VideoOptions& video) noexcept {
  const Codec& codec = *find_codec(video.codec);
  return {.codec = codec, .pixels = *find_pixel_format(codec, video.pixel_format), .container = containers.front()};
}

std::vector<std::string> chunk_file_arguments(const VideoOptions& video, const std::filesystem::path& file) {
  const Rational fps = reduced(video.fps);
  std::vector<std::string> result = codec_arguments(video);
  // Stated for the output, too: ffmpeg guesses the rate of what it reads and takes 120000/1001 for 120 (libavformat/demux.c,
  // ff_rfps_calculate).
  for (std::string argument : {std::string("-r"), std::to_string(fps.num) + "/" + std::to_string(fps.den),
                               std::string("-video_track_timescale"), std::to_string(track_timescale(fps)), std::string("-f"),
                               std::string(chunk_format(video).container.muxer), std::string("-y"), "file:" + file.string()}) {
    result.push_back(std::move(argument));
  }
  return result;
}

std::string yuv_filter(const PixelFormat& pixels) {
  return "scale=out_color_matrix=bt709:out_range=tv:flags=area+accurate_rnd+full_chroma_inp+full_chroma_int,format=" +
         std::string(pixels.name);
}

std::string chunk_file_name(std::int64_t id, const VideoOptions& video) {
  return "chunk-" + std::to_string(id) + std::string(chunk_format(video).container.extension);
}

}  // namespace orchestrator
