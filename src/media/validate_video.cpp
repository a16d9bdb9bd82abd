#include "media/validate_video.hpp"

#include "base/invalid_options.hpp"
#include "media/codecs.hpp"

#include <climits>

namespace orchestrator {

namespace {

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

Result<void> validate_video(const VideoOptions& video) {
  const auto itself = [](std::string_view name) { return name; };
  const auto name_of = [](const auto& entry) { return entry.name; };
  const Codec* codec = find_codec(video.codec);
  if (codec == nullptr) return unknown("codec", video.codec, codecs(), name_of);
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

}  // namespace orchestrator
