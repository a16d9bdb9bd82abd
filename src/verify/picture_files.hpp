#pragma once

#include "verify/camera.hpp"
#include "verify/picture.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>

namespace orchestrator {

/// The pixels of a shot of this size. A PNG is decoded by ffmpeg, through files in `scratch`.
/// Errors: encoder_unavailable, capture_failed. Cancellation: terminal.
boost::asio::awaitable<Result<Picture>> picture_of(const Shot& shot, int width, int height, std::filesystem::path scratch);

/// Writes a PNG by ffmpeg, replacing `file`. Errors: encoder_unavailable, output_unwritable. Cancellation: terminal.
boost::asio::awaitable<Result<void>> write_png(const Picture& picture, std::filesystem::path file, std::filesystem::path scratch);

}  // namespace orchestrator
