#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/frame_range.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// One stream of a media file, as ffprobe describes it. Fields that do not apply stay at their defaults.
struct ProbedStream {
  std::string type{};  ///< "video", "audio"
  std::string codec{};
  int width{0};
  int height{0};
  std::string pixel_format{};
  std::string transfer{};     ///< of colours, by ffmpeg's name ("bt709", "smpte2084"); empty: not said
  Rational frame_rate{0, 1};  ///< the stream's nominal rate
  std::string codec_setup{};  ///< hash of the codec's parameter sets (ffprobe: extradata_hash)
  std::int64_t packets{0};    ///< counted, if that was asked for
  int channels{0};
  std::optional<double> duration_s{};  ///< as stated in the file; not every format states it
  std::string container{};             ///< the file's, by ffmpeg's names for it, separated by commas
};

/// ffprobe's arguments to describe the streams of `source`. `formats` are the demuxers that may be tried; empty: any. With
/// `count_packets`, ffprobe reads the file to its end.
std::vector<std::string> ffprobe_arguments(const std::string& source, std::string_view protocols, std::string_view formats,
                                           bool count_packets);

/// Reads ffprobe's JSON (-show_streams -show_format -of json). The error is what is wrong with it.
Result<std::vector<ProbedStream>> parse_ffprobe(std::string_view json);

}  // namespace orchestrator
