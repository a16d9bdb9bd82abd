#include "media/codecs.hpp"

#include <array>
#include <numeric>

namespace orchestrator {

namespace {

// libx264rgb is given packed RGB (bgr0 or rgb24); ffprobe calls its result "gbrp", which is planar RGB.
constexpr std::array<PixelFormat, 4> h264_pixel_formats{{
    {"yuv420p", "libx264", "yuv420p", false, 2, 2},
    {"yuv422p", "libx264", "yuv422p", false, 2, 1},
    {"yuv444p", "libx264", "yuv444p", false, 1, 1},
    {"rgb24", "libx264rgb", "gbrp", true, 1, 1},
}};
constexpr std::array<std::string_view, 10> x264_presets{"ultrafast", "superfast", "veryfast", "faster",   "fast",
                                                        "medium",    "slow",      "slower",   "veryslow", "placebo"};
constexpr std::array<Codec, 1> all_codecs{{{"h264", "libx264", "h264", h264_pixel_formats, x264_presets, 51}}};

}  // namespace

std::span<const Codec> codecs() noexcept { return all_codecs; }

const Codec* find_codec(std::string_view name) noexcept {
  for (const Codec& codec : all_codecs) {
    if (codec.name == name || codec.alias == name) return &codec;
  }
  return nullptr;
}

const PixelFormat* find_pixel_format(const Codec& codec, std::string_view name) noexcept {
  for (const PixelFormat& format : codec.pixel_formats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

Rational reduced(Rational value) noexcept {
  const std::int64_t divisor = std::gcd(value.num, value.den);
  return {value.num / divisor, value.den / divisor};
}

std::vector<std::string> codec_arguments(const VideoOptions& video) {
  const PixelFormat& format = *find_pixel_format(*find_codec(video.codec), video.pixel_format);
  // Chunks are joined without re-encoding, so no picture may refer to one of another chunk (open-gop=0), and a chunk must start
  // with an IDR picture, as every x264 stream does.
  std::vector<std::string> arguments{"-c:v", std::string(format.encoder), "-preset",      video.preset,
                                     "-crf", std::to_string(video.crf),   "-x264-params", "open-gop=0"};
  // Browsers paint sRGB; its primaries are BT.709's (H.273, table 2).
  std::vector<std::string> colour{"-color_primaries", "bt709", "-color_trc",   "bt709",
                                  "-colorspace",      "bt709", "-color_range", "tv"};
  if (format.rgb) {
    colour = {"-color_primaries", "bt709", "-color_trc", "iec61966-2-1", "-colorspace", "rgb", "-color_range", "pc"};
  }
  arguments.insert(arguments.end(), colour.begin(), colour.end());
  // Chroma is the mean of the 2x2 pixels it covers, so it sits in their middle (H.264 table E-1, chroma_sample_loc_type 1).
  if (format.chroma_height == 2) arguments.insert(arguments.end(), {"-chroma_sample_location", "center"});
  return arguments;
}

}  // namespace orchestrator
