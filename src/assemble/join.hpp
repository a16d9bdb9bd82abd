#pragma once

#include "media/output_format.hpp"

#include <orchestrator/render_options.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// A finished, verified chunk, in timeline order.
struct JoinPart {
  std::filesystem::path file{};  ///< absolute, or as it is called from the folder that the join works in
  std::int64_t frames{0};
};

/// A file name as ffmpeg's concat demuxer reads it (ffmpeg-utils(1), "Quoting and escaping").
std::string quoted_for_concat(std::string_view name);

/// The script for ffmpeg's concat demuxer (ffmpeg-formats(1)).
std::string concat_script(const std::vector<JoinPart>& parts, Rational fps);

/// ffmpeg's arguments that join the parts listed in `script`, and `audio`, into `output`, copying
/// packets. `video` is that of the chunks, `film` one of find_container().
std::vector<std::string> join_arguments(const std::filesystem::path& script, const std::optional<std::filesystem::path>& audio,
                                        const VideoOptions& video, const Container& film, const std::filesystem::path& output);

/// Joins the parts, and the sound if any, into `output`, which is replaced and should have a temporary name. Returns the number
/// of frames counted in the result, which is the sum of the parts'. Errors: assemble_failed, output_unwritable,
/// encoder_unavailable, cancelled; `output` is then removed.
boost::asio::awaitable<Result<std::int64_t>> join(std::vector<JoinPart> parts, std::optional<std::filesystem::path> audio,
                                                  VideoOptions video, const Container& film, std::filesystem::path output,
                                                  std::filesystem::path work_dir);

}  // namespace orchestrator
