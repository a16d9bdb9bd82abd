#include "encode/encoder_arguments.hpp"

#include "media/output_format.hpp"

namespace orchestrator {

namespace {

using Arguments = std::vector<std::string>;

void append(Arguments& to, Arguments more) { to.insert(to.end(), more.begin(), more.end()); }

std::string rate_of(const EncoderJob& job) {
  const Rational fps = reduced(job.video.fps);
  return std::to_string(fps.num) + "/" + std::to_string(fps.den);
}

Arguments input_arguments(const EncoderJob& job, const PixelFormat& format) {
  Arguments result{"-protocol_whitelist", "pipe", "-framerate", rate_of(job)};
  if (job.layout == FrameLayout::png) {
    append(result, {"-f", "image2pipe", "-c:v", "png"});
  } else {
    append(result, {"-f", "rawvideo", "-pixel_format", format.rgb ? "bgr0" : std::string(format.name)});
    append(result, {"-video_size", std::to_string(job.video.width) + "x" + std::to_string(job.video.height)});
  }
  append(result, {"-i", "pipe:0"});
  return result;
}

/// PNG frames are converted by ffmpeg.
Arguments conversion_arguments(const EncoderJob& job, const PixelFormat& format) {
  if (job.layout != FrameLayout::png) return {};
  if (format.rgb) return {"-pix_fmt", "rgb24"};
  return {"-vf", yuv_filter(format)};
}

}  // namespace

std::vector<std::string> encoder_arguments(const EncoderJob& job) {
  const PixelFormat& format = chunk_format(job.video).pixels;
  Arguments result{"-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1", "-stats_period", "0.25"};
  append(result, input_arguments(job, format));
  append(result, conversion_arguments(job, format));
  append(result, {"-map", "0:v:0"});
  append(result, chunk_file_arguments(job.video, job.output));
  return result;
}

}  // namespace orchestrator
