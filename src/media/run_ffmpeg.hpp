#pragma once

#include "media/ffprobe.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// Runs ffmpeg with these arguments, which make it write `output`, to its end. Returns its complaints, if it got over them.
/// Errors: encoder_unavailable; output_unwritable; `failure` (code, stage, detail) with ffmpeg's reason added to the detail
/// and its last words. Cancellation: terminal; ffmpeg is killed.
boost::asio::awaitable<Result<std::string>> run_ffmpeg(std::vector<std::string> arguments, std::filesystem::path output,
                                                       Error failure);

/// Describes `source`, an ffmpeg URL whose `protocols` and `formats` (empty: any) may be used, within TimeoutOptions::load if
/// that is given. Errors: encoder_unavailable, `failure` as above.
boost::asio::awaitable<Result<std::vector<ProbedStream>>> run_ffprobe(
    std::string source, std::string protocols, std::string formats, bool count_packets, Error failure,
    std::optional<std::chrono::milliseconds> load_timeout = std::nullopt);

/// The line of ffmpeg's stderr that says why, without the "[demuxer @ 0x...]" before it.
std::string ffmpeg_reason(std::string_view output_tail);

}  // namespace orchestrator
