#pragma once

#include <orchestrator/error.hpp>

#include <filesystem>
#include <optional>
#include <string_view>

namespace orchestrator {

/// Errc::output_unwritable, naming `file` and what to do, if writing it failed because its disk is full, over quota or read-only,
/// or because the file got larger than is allowed; nothing if `error` (an errno) has another cause.
std::optional<Error> disk_error(int error, const std::filesystem::path& file, Stage stage);

/// The same for a program that wrote `file`, judged by the last lines of its stderr. Call this after a success, too: ffmpeg 5.1
/// exits with 0 when it could not write the end of a file (ffmpeg.c, transcode(): "Error writing trailer", "Error closing
/// file").
std::optional<Error> disk_error(std::string_view last_words, const std::filesystem::path& file, Stage stage);

}  // namespace orchestrator
