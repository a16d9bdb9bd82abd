#pragma once

#include "media/ffprobe.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// Runs ffmpeg to its end with `arguments`, which make it write `output`, in `folder` (empty: this process's). Returns the last
/// lines of its stderr, which may be complaints that it recovered from. Errors: encoder_unavailable; output_unwritable; `failure`
/// (code, stage, detail), with ffmpeg's reason added to the detail and stderr's last lines as `output_tail`. Cancellation:
/// terminal; ffmpeg is killed.
boost::asio::awaitable<Result<std::string>> run_ffmpeg(std::vector<std::string> arguments, std::filesystem::path output,
                                                       Error failure, std::filesystem::path folder = {});

/// Describes the streams of `source`, an ffmpeg URL, using only `protocols` and `formats` (empty: any), within `load_timeout`
/// (TimeoutOptions::load) if it is given. `options`: more of ffprobe's. Errors: encoder_unavailable, also if no process can be
/// started now; `failure` as above.
boost::asio::awaitable<Result<std::vector<ProbedStream>>> run_ffprobe(
    std::string source, std::string protocols, std::string formats, bool count_packets, Error failure,
    std::optional<std::chrono::milliseconds> load_timeout = std::nullopt, std::vector<std::string> options = {});

/// The line of ffmpeg's stderr that names the cause of a failure, without the "[demuxer @ 0x...]" before it.
std::string ffmpeg_reason(std::string_view output_tail);

}  // namespace orchestrator
