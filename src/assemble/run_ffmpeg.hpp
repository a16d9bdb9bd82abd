#pragma once

#include "assemble/ffprobe.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace orchestrator {

/// Runs ffmpeg with these arguments to its end. Errors: encoder_unavailable; `failure` (code, stage, detail) with ffmpeg's
/// reason added to the detail and its last words. Cancellation: terminal; ffmpeg is killed.
boost::asio::awaitable<Result<void>> run_ffmpeg(std::vector<std::string> arguments, Error failure);

/// Describes `source`, an ffmpeg URL whose `protocols` may be used. Errors: as above.
boost::asio::awaitable<Result<std::vector<ProbedStream>>> run_ffprobe(std::string source, std::string protocols,
                                                                      bool count_packets, Error failure);

/// The line of ffmpeg's stderr that says why, without the "[demuxer @ 0x...]" before it.
std::string ffmpeg_reason(std::string_view output_tail);

}  // namespace orchestrator
