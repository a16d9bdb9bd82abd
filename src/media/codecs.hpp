#pragma once

#include <orchestrator/render_options.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// One pixel format of the output, and which of ffmpeg's encoders writes it.
struct PixelFormat {
  std::string_view name;     ///< VideoOptions::pixel_format
  std::string_view encoder;  ///< ffmpeg's -c:v
  std::string_view stored;   ///< what ffprobe calls the result
  bool rgb;                  ///< stored as RGB, without a colour matrix
  int chroma_width;          ///< luma columns a chroma sample covers; sizes must be a multiple
  int chroma_height;
};

struct Codec {
  std::string_view name;    ///< VideoOptions::codec
  std::string_view alias;   ///< ffmpeg's name, which is accepted, too
  std::string_view stored;  ///< what ffprobe calls the result
  std::span<const PixelFormat> pixel_formats;
  std::span<const std::string_view> presets;
  int crf_max;
};

/// Every codec this library can write; docs/codecs.md lists the same.
std::span<const Codec> codecs() noexcept;
const Codec* find_codec(std::string_view name) noexcept;
const PixelFormat* find_pixel_format(const Codec& codec, std::string_view name) noexcept;

/// ffmpeg's output options that choose and configure the encoder, the same for every chunk of a render. `video` is valid.
std::vector<std::string> codec_arguments(const VideoOptions& video);

/// `value` in lowest terms; `value.den` must be positive.
Rational reduced(Rational value) noexcept;

/// The longest frame in ticks. ffmpeg's MP4 reader takes no more than 2^28 ticks between when a picture is decoded and when it is
/// shown (mov.c, "CTTS invalid"). With x264's 16 B-frames at most, that is up to 18 frames.
inline constexpr std::int64_t most_frame_ticks = (std::int64_t{1} << 28) / 18;

/// Ticks a second of the video track, such that a frame is a whole number of ticks. At least 10,000, reached by doubling, as in
/// ffmpeg's own MP4 writer (movenc.c, mov_init), because players round coarser clocks; fewer if a frame lasts for a quarter of an
/// hour or more.
constexpr std::int64_t track_timescale(Rational reduced_fps) noexcept {
  std::int64_t timescale = reduced_fps.num;
  while (timescale < 10'000 && timescale * 2 / reduced_fps.num * reduced_fps.den <= most_frame_ticks) timescale *= 2;
  return timescale;
}
/// Ticks a frame lasts.
constexpr std::int64_t frame_ticks(Rational reduced_fps) noexcept {
  return track_timescale(reduced_fps) / reduced_fps.num * reduced_fps.den;
}

}  // namespace orchestrator
