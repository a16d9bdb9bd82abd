#pragma once

#include "media/ffprobe.hpp"

#include <orchestrator/render_options.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <vector>

namespace orchestrator {

/// Checks that a chunk has exactly `frames` frames and the parameters that were asked for. The error (Errc::chunk_invalid) says
/// what was expected and what was found.
Result<ProbedStream> check_chunk(const std::vector<ProbedStream>& streams, const std::filesystem::path& file, std::int64_t frames,
                                 const VideoOptions& video);

/// Chunks are joined without re-encoding, so their decoders must be set up alike: two machines with different x264 versions
/// may not share a render.
Result<void> check_same_setup(const ProbedStream& first, const ProbedStream& other, const std::filesystem::path& file);

/// Reads a finished chunk file to its end and checks it. Errors: chunk_invalid, encoder_unavailable, cancelled.
boost::asio::awaitable<Result<ProbedStream>> verify_chunk(std::filesystem::path file, std::int64_t frames, VideoOptions video);

}  // namespace orchestrator
