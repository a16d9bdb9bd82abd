#include "media/codecs.hpp"

#include "base/invalid_options.hpp"

#include <array>
#include <climits>
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

constexpr int max_size = 16'384;              // x264's limit (encoder/encoder.c, validate_parameters)
constexpr std::int64_t max_term = 1'000'000;  // ffmpeg rounds rates with larger terms (parseutils.c, av_parse_video_rate)
constexpr std::int64_t max_fps = 1'000;

template <class List, class Name>
Error unknown(std::string_view field, const std::string& value, const List& choices, Name name_of) {
  std::string detail = "video." + std::string(field) + " is \"" + value + "\", must be one of";
  for (const auto& choice : choices) detail.append(" ").append(name_of(choice));
  return invalid_options(std::move(detail));
}

Result<void> validate_size(const VideoOptions& video, const PixelFormat& format) {
  const auto check = [&](const char* field, int value, int multiple) -> Result<void> {
    const std::string name = std::string("video.") + field;
    if (value <= 0 || value > max_size) {
      return invalid_options(name + " is " + std::to_string(value) + ", must be 1 ... " + std::to_string(max_size));
    }
    if (value % multiple == 0) return {};
    return invalid_options(name + " is " + std::to_string(value) + ", must be even with " + std::string(format.name) +
                           "; yuv444p and rgb24 allow odd sizes");
  };
  if (auto width = check("width", video.width, format.chroma_width); !width) return width;
  if (auto height = check("height", video.height, format.chroma_height); !height) return height;
  // The limit of FFmpeg's av_image_check_size2 (libavutil/imgutils.c).
  if ((std::int64_t{video.width} + 128) * (video.height + 128) < INT_MAX / 8) return {};
  return invalid_options("video.width x video.height is " + std::to_string(video.width) + "x" + std::to_string(video.height) +
                         ", more pixels than ffmpeg takes (about 16000x16000)");
}

Result<void> validate_fps(Rational fps) {
  if (fps.num <= 0 || fps.den <= 0) return invalid_options("video.fps must have a positive numerator and denominator");
  const Rational rate = reduced(fps);
  if (rate.num > max_term || rate.den > max_term) {
    return invalid_options("video.fps must have a numerator and denominator of at most " + std::to_string(max_term));
  }
  if (rate.num > max_fps * rate.den) return invalid_options("video.fps must be at most " + std::to_string(max_fps));
  return {};
}

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

Result<void> validate_video(const VideoOptions& video) {
  const auto itself = [](std::string_view name) { return name; };
  const auto name_of = [](const auto& entry) { return entry.name; };
  const Codec* codec = find_codec(video.codec);
  if (codec == nullptr) return unknown("codec", video.codec, all_codecs, name_of);
  const PixelFormat* format = find_pixel_format(*codec, video.pixel_format);
  if (format == nullptr) return unknown("pixel_format", video.pixel_format, codec->pixel_formats, name_of);
  bool preset_known = false;
  for (std::string_view preset : codec->presets) preset_known = preset_known || preset == video.preset;
  if (!preset_known) return unknown("preset", video.preset, codec->presets, itself);
  if (video.crf < 0 || video.crf > codec->crf_max)
    return invalid_options("video.crf must be 0 ... " + std::to_string(codec->crf_max));
  if (auto size = validate_size(video, *format); !size) return size;
  return validate_fps(video.fps);
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
